import type { Consumer } from 'mediasoup/types';

const EVERY_MS = 2000;

/**
 * Brings a simulcast consumer up to the best layer that is being sent. Without a bandwidth estimate (a direct
 * transport has none) mediasoup looks at the layers only when a stream comes, goes or first reports, and stays below
 * for ever where the report came at the wrong moment; changing the preference makes it look again.
 */
export function climbLayers(consumer: Consumer, onFault: (error: unknown) => void): void {
  if (consumer.type !== 'simulcast') return;
  const top = { ...consumer.preferredLayers, spatialLayer: consumer.preferredLayers?.spatialLayer ?? 0 };
  const timer = setInterval(() => {
    const best = consumer.score.producerScores.findLastIndex((score) => score > 0);
    const current = consumer.currentLayers?.spatialLayer ?? -1;
    if (consumer.producerPaused || current >= Math.min(best, top.spatialLayer)) return;
    consumer
      .setPreferredLayers({ spatialLayer: top.spatialLayer, temporalLayer: 0 })
      .then(() => consumer.setPreferredLayers(top))
      .catch(onFault);
  }, EVERY_MS);
  consumer.observer.once('close', () => clearInterval(timer));
}
