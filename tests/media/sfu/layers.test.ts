import { expect, test } from 'vitest';
import { layerForHeight } from '../../../media/sfu/layers.ts';

test.each([
  ['a thumbnail', 90, 3, 0],
  ['a card', 225, 3, 0],
  ['a phone held upright', 226, 3, 1],
  ['a small window', 450, 3, 1],
  ['a large window', 451, 3, 2],
  ['a 4K screen', 2160, 3, 2],
  ['two sizes', 451, 2, 1],
  ['one size', 90, 1, 0],
])('%s of %i pixels takes, of %i layers, layer %i', (_, pixelHeight, layers, expected) => {
  expect(layerForHeight(pixelHeight, layers)).toBe(expected);
});
