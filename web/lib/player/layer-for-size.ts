/** Height of the largest layer that browsers are asked for; each smaller one has half of it. */
const TOP_HEIGHT = 720;
/** A picture may be drawn so much larger than it is before the next layer is worth its bits. */
const STRETCH = 1.25;

/** The smallest layer that fills a picture of that many pixels of the screen, counted from 0; as the hub counts. */
export function layerForSize(pixelHeight: number, layers: number): number {
  for (let layer = 0; layer < layers - 1; layer += 1)
    if ((TOP_HEIGHT / 2 ** (layers - 1 - layer)) * STRETCH >= pixelHeight) return layer;
  return layers - 1;
}

/** Of a picture as wide as the window. */
const USUAL_SHARE = 9 / 16;
/** The most that the hub takes. */
const HIGHEST_PIXELS = 8192;

/**
 * How many pixels of the screen a picture will likely be high, before the page is laid out: as wide as the window, or
 * with `fills` as high as it. Undefined where the window has no size: a frame or tab that is not shown.
 */
export function likelyPixelHeight(
  window: { innerWidth: number; innerHeight: number; devicePixelRatio: number },
  fills: boolean,
): number | undefined {
  const { innerWidth, innerHeight, devicePixelRatio } = window;
  const height = fills ? innerHeight : Math.min(innerHeight, USUAL_SHARE * innerWidth);
  const pixels = Math.round(height * devicePixelRatio);
  return pixels > 0 ? Math.min(pixels, HIGHEST_PIXELS) : undefined;
}

/** Tells how many pixels of the screen an element is high, at once and whenever that changes. */
export function observePixelHeight(element: Element, tell: (pixels: number) => void): { close(): void } {
  if (typeof ResizeObserver === 'undefined') return { close: () => undefined };
  let told = 0;
  const observer = new ResizeObserver(() => {
    const pixels = Math.round(element.getBoundingClientRect().height * devicePixelRatio);
    if (pixels === 0 || pixels === told) return;
    told = pixels;
    tell(pixels);
  });
  observer.observe(element);
  return { close: () => observer.disconnect() };
}
