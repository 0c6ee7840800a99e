import { expect, it } from 'vitest';
import { loudness } from '../../../web/lib/live/level-meter.ts';

const tone = (amplitude: number) =>
  Float32Array.from({ length: 512 }, (_, index) => amplitude * Math.sin((index / 512) * 2 * Math.PI * 8));

it('shows silence as nothing, speech in the middle and shouting near the top', () => {
  expect(loudness(tone(0))).toBe(0);
  expect(loudness(tone(0.05))).toBeGreaterThan(0.3);
  expect(loudness(tone(0.05))).toBeLessThan(0.7);
  expect(loudness(tone(1))).toBeGreaterThan(0.9);
});
