import { expect, test } from 'vitest';
import type { HealthNews } from '../../../server/broadcasts/messages.ts';
import { readHealth, stepOf } from '../../../web/lib/live/health-steps.ts';

type Stream = HealthNews['streams'][number];

const picture = (more: Partial<Stream> = {}): Stream => ({
  kind: 'video',
  source: 'camera',
  paused: false,
  bitsPerSecond: 1_200_000,
  lossShare: 0,
  roundTripMs: 40,
  keyframeIntervalMs: 2_000,
  ...more,
});
const news = (streams: Stream[], hlsBehindMs: number | null = 600): HealthNews => ({
  streams,
  viewers: { webrtc: 3, whep: 1, hls: 4 },
  hlsBehindMs,
  refusedRenditions: [],
});

test.each<[string, HealthNews, ReturnType<typeof stepOf>]>([
  ['all is well', news([picture()]), { step: 'steady', cause: null }],
  ['some loss', news([picture({ lossShare: 0.03 })]), { step: 'weak', cause: 'loss' }],
  ['much loss', news([picture({ lossShare: 0.1 })]), { step: 'poor', cause: 'loss' }],
  [
    'the worse comes before the earlier',
    news([picture({ lossShare: 0.03, bitsPerSecond: 30_000 })]),
    { step: 'poor', cause: 'bitrate' },
  ],
  ['a blur', news([picture({ bitsPerSecond: 90_000 })]), { step: 'weak', cause: 'bitrate' }],
  [
    'a paused picture has no bits',
    news([picture({ bitsPerSecond: 0, paused: true })]),
    { step: 'steady', cause: null },
  ],
  [
    'an encoder’s 10 s',
    news([picture({ keyframeIntervalMs: 10_000 })]),
    { step: 'poor', cause: 'keyframes' },
  ],
  [
    'before the second keyframe',
    news([picture({ keyframeIntervalMs: null })]),
    { step: 'steady', cause: null },
  ],
  ['HLS falls behind', news([picture()], 3_500), { step: 'weak', cause: 'delay' }],
  ['nothing is sent', news([], null), { step: 'steady', cause: null }],
])('%s', (_, given, expected) => {
  expect(stepOf(given)).toEqual(expected);
});

test('shows the bits of all streams and the worst of the rest', () => {
  const sound = picture({
    kind: 'audio',
    source: 'microphone',
    bitsPerSecond: 40_000,
    lossShare: 0.01,
    keyframeIntervalMs: null,
  });
  expect(readHealth(news([picture(), sound]))).toMatchObject({
    bitsPerSecond: 1_240_000,
    lossShare: 0.01,
    keyframeIntervalMs: 2_000,
  });
});
