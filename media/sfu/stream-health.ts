import type { Producer, ProducerStat } from 'mediasoup/types';
import type { ProducerInfo, StreamHealth } from '../contract.ts';

/** RTCP tells the fraction lost in 256ths. */
const FRACTION = 256;

/** How what is published arrives. Of a producer that closes meanwhile nothing is known any more. */
export async function readStreamHealth(
  published: readonly { info: ProducerInfo; producer: Producer }[],
  keyframeIntervalMs: (producerId: string) => number | null,
): Promise<StreamHealth[]> {
  const read = await Promise.allSettled(
    published.map(async ({ info, producer }) => ({ info, stats: await producer.getStats() })),
  );
  return read.flatMap((one) =>
    one.status === 'fulfilled'
      ? [{ ...sumUp(one.value.info, one.value.stats), ...keyframesOf(one.value.info, keyframeIntervalMs) }]
      : [],
  );
}

function keyframesOf(
  { kind, producerId, paused }: ProducerInfo,
  keyframeIntervalMs: (id: string) => number | null,
) {
  return { keyframeIntervalMs: kind === 'video' && !paused ? keyframeIntervalMs(producerId) : null };
}

/** All sizes of a picture together; the worst of them where they differ. */
export function sumUp(
  info: ProducerInfo,
  stats: readonly ProducerStat[],
): Omit<StreamHealth, 'keyframeIntervalMs'> {
  const { producerId, peerId, kind, source, paused } = info;
  const worst = (pick: (stat: ProducerStat) => number) => Math.max(0, ...stats.map(pick));
  const roundTrips = stats.flatMap(({ roundTripTime }) => roundTripTime ?? []);
  return {
    ...{ producerId, peerId, kind, source, paused },
    bitsPerSecond: stats.reduce((sum, { bitrate }) => sum + bitrate, 0),
    lossShare: worst(({ fractionLost }) => fractionLost / FRACTION),
    packetsLost: stats.reduce((sum, { packetsLost }) => sum + Math.max(0, packetsLost), 0),
    roundTripMs: roundTrips.length > 0 ? Math.max(...roundTrips) : null,
  };
}
