import { describe, expect, test } from 'vitest';
import { listedParts } from '../../../media/hls/timeline.ts';
import { LEAST_FILLED, PartTarget, partTargetFor } from '../../../media/tap/part-target.ts';

const USUAL = 0.31;

test.each([30, 25, 24, 20, 15, 12, 10, 8, 7, 5, 4, 3, 2, 1.5, 1])(
  'at %d pictures a second whole pictures fill the target as they must',
  (rate) => {
    const gap = 1 / rate;
    const target = partTargetFor(gap * 1000, USUAL);
    // As ffmpeg cuts: with the first picture that ends at or beyond the least.
    const part = Math.ceil((target * LEAST_FILLED) / gap - 1e-9) * gap;
    expect(part).toBeLessThanOrEqual(target);
    expect(part).toBeGreaterThanOrEqual(target * LEAST_FILLED);
    if (rate >= 13 || rate === 10) expect(target).toBe(USUAL);
  },
);

describe('the target of an epoch', () => {
  const fed = (target: PartTarget, gapMs: number, count: number, fromMs = 0) => {
    for (let at = 0; at < count; at += 1) target.see(fromMs + at * gapMs);
  };

  test('is the usual one until enough has been seen, and grows then', () => {
    const target = new PartTarget(USUAL);
    expect(target.choose({ sameSource: false })).toBe(USUAL);
    fed(target, 200, 8);
    expect(target.outgrown).toBe(false);
    target.see(1600);
    expect(target.outgrown).toBe(true);
    expect(target.choose({ sameSource: true })).toBeCloseTo(0.432);
    expect(target.outgrown).toBe(false);
  });

  test('is not changed for one picture that comes late', () => {
    const target = new PartTarget(USUAL);
    fed(target, 40, 20);
    fed(target, 40, 5, 2000);
    expect(target.outgrown).toBe(false);
  });

  test('shrinks when the pictures have come fast for a while', () => {
    const target = new PartTarget(USUAL);
    fed(target, 1000, 12);
    expect(target.choose({ sameSource: true })).toBeCloseTo(1.08);
    fed(target, 40, 200, 12_000);
    expect(target.outgrown).toBe(false);
    fed(target, 40, 200, 20_000);
    expect(target.outgrown).toBe(true);
    expect(target.choose({ sameSource: true })).toBe(USUAL);
  });

  test('of another source is the usual one', () => {
    const target = new PartTarget(USUAL);
    fed(target, 200, 20);
    expect(target.choose({ sameSource: false })).toBe(USUAL);
  });
});

test.each([
  ['as they should be', [300, 290, 100], 0.31, 3],
  ['a little uneven', [300, 320, 100], 0.31, 3],
  ['one much too long', [300, 400, 100], 0.31, 0],
  ['all made for a shorter target', [300, 290, 100], 0.432, 0],
  ['one alone', [100], 0.31, 1],
])('of the parts of a segment all are listed or none: %s', (_, durations, partSeconds, listed) => {
  const parts = durations.map((durationMs, index) => ({
    initIndex: 0,
    index,
    durationMs,
    independent: true,
  }));
  expect(listedParts(parts, { partSeconds }).length).toBe(listed);
});
