import { describe, expect, it } from 'vitest';
import {
  afterSecond,
  FRESH_LINE,
  isPoorLine,
  troubleOf,
  type LineSample,
} from '../../../web/lib/player/poor-line.ts';

const hls = (about: Partial<LineSample & { way: 'hls' }> = {}): LineSample => ({
  ...{ way: 'hls', carries: 8_000_000, needs: 1_500_000, bufferedSeconds: 0.8, stalls: 0 },
  ...about,
});
const webrtc = (about: Partial<LineSample & { way: 'webrtc' }> = {}): LineSample => ({
  ...{ way: 'webrtc', lossShare: 0, roundTripSeconds: 0.05, freezes: 0 },
  ...about,
});

it.each([
  ['a good line', hls(), 0],
  ['a line that carries just what is needed', hls({ carries: 1_600_000 }), 1],
  ['a line not measured yet', hls({ carries: undefined }), 0],
  ['a short buffer that is a part shorter', hls({ bufferedSeconds: 0.5 }), 0],
  ['an empty buffer', hls({ stalls: 1 }), 2],
  ['a good way', webrtc(), 0],
  ['loss that is made good', webrtc({ lossShare: 0.03 }), 0],
  ['loss that is not', webrtc({ lossShare: 0.1 }), 1],
  ['a long way', webrtc({ roundTripSeconds: 0.9 }), 1],
  ['a picture that stands because of loss', webrtc({ lossShare: 0.02, freezes: 1 }), 2],
  ['a host who pauses', webrtc({ freezes: 1 }), 0],
])('%s', (_, sample, trouble) => {
  expect(troubleOf(sample, { trouble: 0, bufferedSeconds: 0.8 })).toBe(trouble);
});

describe('the offer', () => {
  /** Seconds until the sound alone is offered. */
  const offeredAfter = (samples: LineSample[]): number | undefined => {
    let history = FRESH_LINE;
    for (const [second, sample] of samples.entries()) {
      history = afterSecond(history, sample);
      if (isPoorLine(history)) return second + 1;
    }
    return undefined;
  };

  it('comes while a shrinking buffer still has something to play', () => {
    const samples = [4, 3.4, 2.7, 2.1, 1.4, 0.8, 0.1].map((bufferedSeconds) => hls({ bufferedSeconds }));
    const second = offeredAfter(samples);
    expect(second).toBe(5);
    expect(samples[second! - 1]).toMatchObject({ bufferedSeconds: 1.4 });
  });

  it('comes after three seconds of loss, and not for one in four', () => {
    const bad = webrtc({ lossShare: 0.12 });
    expect(offeredAfter([bad, bad, bad])).toBe(3);
    const nowAndThen = Array.from({ length: 40 }, (_, at) => (at % 4 === 0 ? bad : webrtc()));
    expect(offeredAfter(nowAndThen)).toBeUndefined();
  });
});
