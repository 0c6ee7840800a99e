import { describe, expect, test } from 'vitest';
import { LEAST_FILLED, PartTarget, partTargetFor } from '../../../media/tap/part-target.ts';

const USUAL = 0.31;

test.each([30, 25, 24, 20, 15, 13, 12.5, 12, 11.5, 11, 10, 8, 7, 5, 4, 3, 2, 1.5, 1])(
  'at %d pictures a second whole pictures fill the target as they must',
  (rate) => {
    const gap = 1 / rate;
    const target = partTargetFor(gap * 1000, USUAL);
    // As ffmpeg cuts: with the first picture that ends at or beyond the least.
    const part = Math.ceil((target * LEAST_FILLED) / gap - 1e-9) * gap;
    expect(part).toBeLessThanOrEqual(target);
    expect(part).toBeGreaterThanOrEqual(target * LEAST_FILLED);
    if (rate >= 13 || (rate >= 10 && rate <= 11)) expect(target).toBe(USUAL);
    // No number of these lies between 85 % of the usual one and itself.
    if (rate > 11.4 && rate < 12.9) expect(target).toBeGreaterThan(USUAL);
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

  test('is not changed for a moment of slow pictures, however the keyframes fall', () => {
    const target = new PartTarget(USUAL);
    fed(target, 33, 60);
    // A phone that drops every other picture or more for two thirds of a second.
    for (let at = 2000; at <= 2700; at += 83) {
      target.see(at);
      expect(target.outgrown).toBe(false);
    }
    expect(target.choose({ sameSource: true })).toBe(USUAL);
  });

  test('changes ever more rarely where the same source is now slow and now fast', () => {
    const target = new PartTarget(USUAL);
    target.choose({ sameSource: false });
    let changes = 0;
    const keyframe = () => {
      if (!target.outgrown) return;
      target.choose({ sameSource: true });
      changes += 1;
    };
    // Half an hour: fifteen seconds of a still slide, fifteen of a film on it.
    for (let second = 0; second < 1800; second += 1) {
      const gapMs = second % 30 < 15 ? 200 : 40;
      for (let at = 0; at < 1000; at += gapMs) target.see(second * 1000 + at);
      keyframe();
    }
    expect(changes).toBeLessThanOrEqual(4);
  });

  test('still shrinks where a source stays fast after a few changes', () => {
    const target = new PartTarget(USUAL);
    target.choose({ sameSource: false });
    fed(target, 200, 20);
    expect(target.choose({ sameSource: true })).toBeCloseTo(0.432);
    fed(target, 40, 600, 4000);
    expect(target.choose({ sameSource: true })).toBe(USUAL);
    fed(target, 200, 20, 28_000);
    expect(target.choose({ sameSource: true })).toBeCloseTo(0.432);
    fed(target, 40, 450, 32_000);
    expect(target.outgrown).toBe(false);
    fed(target, 40, 200, 50_000);
    expect(target.outgrown).toBe(true);
  });

  test('of another source is the usual one', () => {
    const target = new PartTarget(USUAL);
    fed(target, 200, 20);
    expect(target.choose({ sameSource: false })).toBe(USUAL);
  });
});
