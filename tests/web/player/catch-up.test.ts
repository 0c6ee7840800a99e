import { expect, it } from 'vitest';
import {
  calmMsAfter,
  catchUpRate,
  isTooFarBehind,
  targetAfterCalm,
  targetAfterStall,
  targetForParts,
} from '../../../web/lib/player/catch-up.ts';

it.each([
  ['at the target', 1, 1, 1],
  ['just behind it', 1.05, 1, 1],
  ['behind, with something to run on', 1.5, 0.8, 1.1],
  ['behind, with nothing to run on', 1.5, 0.4, 1],
  ['ahead of it', 0.5, 0.9, 1],
])('%s', (_, latencySeconds, bufferedSeconds, rate) => {
  expect(catchUpRate({ latencySeconds, bufferedSeconds, targetSeconds: 1 })).toBe(rate);
});

it('gives a line that stalls more room, within bounds', () => {
  expect(targetAfterStall(1)).toBeCloseTo(1.7);
  expect(targetAfterStall(7.9)).toBe(8);
});

it('comes nearer again when the line is calm, more slowly after each stall', () => {
  expect(targetAfterCalm(2, 0.6)).toBeCloseTo(1.3);
  expect(targetAfterCalm(1, 0.6)).toBe(0.6);
  expect([1, 2, 3, 9].map(calmMsAfter)).toEqual([20_000, 40_000, 80_000, 300_000]);
});

it('keeps two whole parts in hand, however long they are', () => {
  expect(targetForParts(1, 0.31)).toBe(1);
  expect(targetForParts(1, 1.08)).toBeCloseTo(2.16);
  expect(targetForParts(1, 0)).toBe(1);
});

it('jumps only when running would take too long', () => {
  expect(isTooFarBehind(6.9, 1)).toBe(false);
  expect(isTooFarBehind(7.1, 1)).toBe(true);
});
