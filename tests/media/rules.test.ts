import { describe, expect, test } from 'vitest';
import { afterFact } from '../../media/liveness.ts';
import { beginsSegment } from '../../media/recording/segment-rules.ts';
import {
  initKey,
  isSafeId,
  parseInitFile,
  parseSegmentFile,
  segmentKey,
} from '../../media/recording/storage-keys.ts';
import { Backoff } from '../../media/tap/backoff.ts';
import { chooseSources, type Candidate } from '../../media/tap/choose-sources.ts';

describe('the state of a broadcast', () => {
  const stopped = { kind: 'stopped', reason: 'silence' } as const;
  test.each([
    ['waiting', { kind: 'part' }, 'live', 'live'],
    ['waiting', stopped, 'waiting', null],
    ['waiting', { kind: 'end' }, 'ended', 'ended'],
    ['live', { kind: 'part' }, 'live', null],
    ['live', stopped, 'interrupted', 'interrupted'],
    ['live', { kind: 'end' }, 'ended', 'ended'],
    ['interrupted', { kind: 'part' }, 'live', 'resumed'],
    ['interrupted', stopped, 'interrupted', null],
    ['interrupted', { kind: 'end' }, 'ended', 'ended'],
    ['ended', { kind: 'part' }, 'ended', null],
    ['ended', stopped, 'ended', null],
    ['ended', { kind: 'end' }, 'ended', null],
  ] as const)('%s + %o → %s, %s', (state, fact, next, news) => {
    expect(afterFact(state, fact)).toEqual({ state: next, news });
  });
});

describe('what is recorded', () => {
  const one = (producerId: string, change: Partial<Candidate> = {}): Candidate => {
    const kind = producerId.startsWith('mic') ? 'audio' : 'video';
    return { producerId, kind, paused: false, stale: false, ...change };
  };
  test.each([
    ['nobody', [], { video: null, audio: null, picture: 'none' }],
    ['camera and microphone', [one('cam'), one('mic')], { video: 'cam', audio: 'mic', picture: 'camera' }],
    [
      'a screen after the camera',
      [one('cam'), one('screen')],
      { video: 'screen', audio: null, picture: 'camera' },
    ],
    ['sound alone', [one('mic')], { video: null, audio: 'mic', picture: 'plain' }],
    [
      'camera off',
      [one('cam', { paused: true }), one('mic')],
      { video: null, audio: 'mic', picture: 'plain' },
    ],
    [
      'all muted: a break',
      [one('cam', { paused: true }), one('mic', { paused: true })],
      { video: null, audio: null, picture: 'plain' },
    ],
    [
      'the camera hangs',
      [one('cam', { stale: true }), one('mic')],
      { video: null, audio: 'mic', picture: 'plain' },
    ],
    [
      'all silent',
      [one('cam', { stale: true }), one('mic', { stale: true })],
      { video: null, audio: null, picture: 'none' },
    ],
    [
      'muted and then gone',
      [one('cam', { stale: true }), one('mic', { paused: true })],
      { video: null, audio: null, picture: 'none' },
    ],
    [
      'the newer one hangs',
      [one('cam'), one('cam2', { stale: true })],
      { video: 'cam', audio: null, picture: 'camera' },
    ],
  ] as const)('%s', (_, candidates, chosen) => {
    expect(chooseSources(candidates)).toEqual(chosen);
  });
});

test.each([
  ['first of all', { openMs: null, keyframe: false }, true],
  ['keyframe', { openMs: 2000, keyframe: true }, true],
  ['keyframe of a viewer who joined', { openMs: 900, keyframe: true }, true],
  ['keyframe right after another', { openMs: 300, keyframe: true }, false],
  ['no keyframe for long', { openMs: 3200, keyframe: false }, true],
  ['no keyframe yet', { openMs: 3000, keyframe: false }, false],
])('a segment begins: %s', (_, facts, expected) => {
  expect(beginsSegment({ fragmentMs: 280, targetSeconds: 3, ...facts })).toBe(expected);
});

test('names of files carry what a lost row would', () => {
  const key = segmentKey('b-1', { sequence: 12, initIndex: 3, startMs: 1_795_318_531_153.4 });
  expect(key).toBe('broadcasts/b-1/segment-000012-3-1795318531153.m4s');
  expect(parseSegmentFile(key.split('/').at(-1)!)).toEqual({
    sequence: 12,
    initIndex: 3,
    startMs: 1_795_318_531_153,
  });
  expect(parseInitFile(initKey('b-1', 3).split('/').at(-1)!)).toBe(3);
  expect(parseSegmentFile('joined-0.mp4')).toBeNull();
  expect(['a', '0190-x_Y'].every(isSafeId)).toBe(true);
  expect(['', '..', 'a/b', 'a b', '一'].some(isSafeId)).toBe(false);
});

test('what dies is started at once, then more and more slowly, and at once again after a healthy while', () => {
  const backoff = new Backoff();
  const delays = [0, 100, 400, 1000].map((now) => {
    backoff.started(now);
    return backoff.died(now) - now;
  });
  expect(delays).toEqual([0, 250, 500, 1000]);
  backoff.started(10_000);
  expect(backoff.died(30_000) - 30_000).toBe(0);
});
