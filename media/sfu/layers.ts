import { parseScalabilityMode } from 'mediasoup';
import type { Consumer } from 'mediasoup/types';

/** Height of the largest layer that browsers are asked for; each smaller one has half of it. */
const TOP_HEIGHT = 720;
/** A picture may be drawn so much larger than it is before the next layer is worth its bits. */
const STRETCH = 1.25;

/** How many sizes and frame rates a consumer can switch between. */
export function layersOf(consumer: Consumer): { spatialLayers: number; temporalLayers: number } {
  const { spatialLayers, temporalLayers } = parseScalabilityMode(
    consumer.rtpParameters.encodings?.[0]?.scalabilityMode,
  );
  return { spatialLayers, temporalLayers };
}

/** The smallest layer that fills a picture of that many pixels, counted from 0. */
export function layerForHeight(pixelHeight: number, spatialLayers: number): number {
  const top = spatialLayers - 1;
  for (let layer = 0; layer < top; layer += 1) {
    if ((TOP_HEIGHT / 2 ** (top - layer)) * STRETCH >= pixelHeight) return layer;
  }
  return top;
}
