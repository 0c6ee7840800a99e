import type { Layout } from '../contract.ts';

/** In pixels of the canvas, all even. */
export interface Tile {
  x: number;
  y: number;
  width: number;
  height: number;
  /** `cover` fills the tile and cuts off what sticks out; `contain` shows all of the picture. */
  fit: 'contain' | 'cover';
}

export interface Canvas {
  width: number;
  height: number;
  /** One a picture, in order; later ones lie above earlier ones. */
  tiles: Tile[];
}

const [WIDTH, HEIGHT] = [1280, 720];
const CORNER = { width: 320, height: 180, margin: 24 };

/** `alone` is the size of a picture that is shown by itself: it is kept, up to 720p. */
export function placeTiles(
  layout: Layout,
  pictures: number,
  alone: { width: number; height: number } = { width: WIDTH, height: HEIGHT },
): Canvas {
  if (layout === 'one' || pictures < 2) return single(alone);
  if (layout === 'picture-in-picture') return withCorner(pictures);
  const rows = pictures > 2 ? 2 : 1;
  const [width, height] = [WIDTH / 2, HEIGHT / rows];
  const tiles = Array.from({ length: pictures }, (_, index): Tile => {
    // The third of three stands in the middle below.
    const x = pictures === 3 && index === 2 ? width / 2 : (index % 2) * width;
    return { x, y: Math.floor(index / 2) * height, width, height, fit: 'contain' };
  });
  return { width: WIDTH, height: HEIGHT, tiles };
}

function single({ width, height }: { width: number; height: number }): Canvas {
  const [longest, shortest] = width >= height ? [WIDTH, HEIGHT] : [HEIGHT, WIDTH];
  const scale = Math.min(1, longest / width, shortest / height);
  const size = { width: even(width * scale), height: even(height * scale) };
  return { ...size, tiles: [{ x: 0, y: 0, ...size, fit: 'contain' }] };
}

/** The first fills the canvas, the others stand in a column from the lower right corner upwards. */
function withCorner(pictures: number): Canvas {
  const { width, height, margin } = CORNER;
  const corners = Array.from({ length: pictures - 1 }, (_, index): Tile => ({
    x: WIDTH - width - margin,
    y: HEIGHT - (height + margin) * (index + 1),
    ...{ width, height, fit: 'cover' },
  }));
  const large: Tile = { x: 0, y: 0, width: WIDTH, height: HEIGHT, fit: 'contain' };
  return { width: WIDTH, height: HEIGHT, tiles: [large, ...corners] };
}

const even = (pixels: number) => Math.max(2, Math.round(pixels / 2) * 2);
