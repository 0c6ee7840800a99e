import { expect, it } from 'vitest';
import { receiveMessage } from '../../../server/broadcasts/messages.ts';
import { likelyPixelHeight } from '../../../web/lib/player/layer-for-size.ts';

it.each([
  ['an upright phone', 360, 800, 2, false, 405],
  ['an upright phone whose picture fills it', 360, 800, 2, true, 1600],
  ['a phone on its side', 800, 360, 2, false, 720],
  ['a wide, low window', 1600, 200, 1, false, 200],
  ['a wall of screens', 30_000, 20_000, 2, false, 8192],
  ['a frame that is not shown', 0, 0, 2, false, undefined],
  ['a frame without height', 360, 0, 1, true, undefined],
])(
  'guesses a height that the hub takes: %s',
  (_, innerWidth, innerHeight, devicePixelRatio, fills, pixels) => {
    const pixelHeight = likelyPixelHeight({ innerWidth, innerHeight, devicePixelRatio }, fills);
    expect(pixelHeight).toBe(pixels);
    expect(receiveMessage.safeParse({ rtpCapabilities: {}, pixelHeight }).success).toBe(true);
  },
);
