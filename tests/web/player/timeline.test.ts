import { describe, expect, it } from 'vitest';
import { gapsOf, secondsAt, stretchesOf, wallClockAt } from '../../../web/lib/player/timeline.ts';

/** Ten seconds recorded, twelve lost, six recorded, a change of source without loss, four recorded. */
const T = Date.parse('2026-11-25T08:00:00Z');
const PIECES = [
  { start: 0, duration: 5, cc: 0, programDateTime: T },
  { start: 5, duration: 5, cc: 0, programDateTime: T + 5_000 },
  { start: 10, duration: 6, cc: 1, programDateTime: T + 22_000 },
  { start: 16, duration: 4, cc: 2, programDateTime: T + 28_040 },
];
const stretches = stretchesOf(PIECES);

it('joins the segments between discontinuities', () => {
  expect(stretches).toEqual([
    { startSeconds: 0, endSeconds: 10, startedAtMs: T },
    { startSeconds: 10, endSeconds: 16, startedAtMs: T + 22_000 },
    { startSeconds: 16, endSeconds: 20, startedAtMs: T + 28_040 },
  ]);
});

it('finds a gap where the wall clock jumps, and none where only the source changed', () => {
  expect(gapsOf(stretches)).toEqual([{ atSeconds: 10, fromMs: T + 10_000, toMs: T + 22_000 }]);
  expect(gapsOf(stretchesOf(PIECES.map((piece) => ({ ...piece, programDateTime: null }))))).toEqual([]);
});

describe('position and wall clock', () => {
  it.each([
    [0, 0],
    [9, 9_000],
    [10, 22_000],
    [15.5, 27_500],
    [19, 31_040],
  ])('%f s is %i ms after the beginning, and back', (seconds, afterMs) => {
    expect(wallClockAt(stretches, seconds)).toBe(T + afterMs);
    expect(secondsAt(stretches, T + afterMs)).toBeCloseTo(seconds, 6);
  });

  it.each([
    ['before the beginning', -5_000, 0],
    ['within the gap', 15_000, 10],
    ['after the end', 99_000, 20],
  ])('%s is the next that was recorded', (_, afterMs, seconds) => {
    expect(secondsAt(stretches, T + afterMs)).toBe(seconds);
  });

  it('knows nothing of an empty playlist', () => {
    expect(secondsAt([], T)).toBeUndefined();
    expect(wallClockAt([], 3)).toBeUndefined();
  });
});
