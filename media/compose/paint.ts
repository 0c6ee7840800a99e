import type { Canvas, Tile } from './place-tiles.ts';

/** An I420 picture: luma, then both chroma planes at half the size. */
export const pictureBytes = ({ width, height }: { width: number; height: number }) =>
  (width * height * 3) / 2;

/** Lays the tiles' pictures onto a black canvas; null where a tile has none yet. */
export function paint(canvas: Canvas, pictures: readonly (Buffer | null)[]): Buffer {
  const [first] = canvas.tiles;
  const covered = first?.width === canvas.width && first.height === canvas.height && pictures[0];
  if (covered && canvas.tiles.length === 1) return covered;
  const painted = covered ? Buffer.from(covered) : black(canvas);
  canvas.tiles.forEach((tile, index) => {
    const picture = pictures[index];
    if (picture && picture !== covered) lay(painted, canvas, tile, picture);
  });
  return painted;
}

function black(canvas: Canvas): Buffer {
  return Buffer.alloc(pictureBytes(canvas), 128).fill(16, 0, canvas.width * canvas.height);
}

function lay(painted: Buffer, canvas: Canvas, tile: Tile, picture: Buffer): void {
  let [to, from] = [0, 0];
  for (const shrink of [1, 2, 2]) {
    const [stride, width] = [canvas.width / shrink, tile.width / shrink];
    const [left, top] = [tile.x / shrink, tile.y / shrink];
    for (let row = 0; row < tile.height / shrink; row += 1) {
      picture.copy(painted, to + (top + row) * stride + left, from + row * width, from + (row + 1) * width);
    }
    to += stride * (canvas.height / shrink);
    from += width * (tile.height / shrink);
  }
}
