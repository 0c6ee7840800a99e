import { once } from 'node:events';
import { createWorker } from 'mediasoup';
import type { Consumer, WebRtcTransport } from 'mediasoup/types';
import type { BroadcastMedia } from '../../../media/contract.ts';
import { ROUTER_CODECS } from '../../../media/sfu/codecs.ts';
import { loopInto } from './mediasoup.ts';

/** What {@link BroadcastMedia} does for viewers, and nothing else. */
export type BareSfu = Pick<
  BroadcastMedia,
  | 'routerRtpCapabilities'
  | 'createTransport'
  | 'connectTransport'
  | 'consume'
  | 'resumeConsumer'
  | 'producers'
  | 'closePeer'
>;

/** One worker with one port, one router, and a clip looped into it as the hub does. */
export async function openBareSfu(options: {
  workerBin: string;
  file: string;
}): Promise<{ sfu: BareSfu; workerPid: number; close(): Promise<void> }> {
  const worker = await createWorker({ workerBin: options.workerBin, logLevel: 'error' });
  const listenInfos = (['udp', 'tcp'] as const).map((protocol) => ({ protocol, ip: '127.0.0.1' }));
  const webRtcServer = await worker.createWebRtcServer({ listenInfos });
  const router = await worker.createRouter({ mediaCodecs: ROUTER_CODECS });
  const clip = await loopInto(router, options.file);
  const transports = new Map<string, WebRtcTransport>();
  const consumers = new Map<string, Consumer>();
  const sfu: BareSfu = {
    routerRtpCapabilities: router.rtpCapabilities,
    async createTransport({ peerId }) {
      const transport = await router.createWebRtcTransport({
        webRtcServer,
        initialAvailableOutgoingBitrate: 1_500_000,
      });
      transports.set(transport.id, transport);
      transport.appData.peerId = peerId;
      const { id, iceParameters, iceCandidates, dtlsParameters } = transport;
      return { id, iceParameters, iceCandidates, dtlsParameters };
    },
    connectTransport: ({ transportId, dtlsParameters }) =>
      transports.get(transportId)!.connect({ dtlsParameters }),
    async consume({ transportId, producerId, rtpCapabilities }) {
      const consumer = await transports
        .get(transportId)!
        .consume({ producerId, rtpCapabilities, paused: true });
      consumers.set(consumer.id, consumer);
      const { id, kind, rtpParameters, producerPaused } = consumer;
      return {
        ...{ id, producerId, kind, rtpParameters, producerPaused },
        ...{ paused: true, spatialLayers: 1, temporalLayers: 1 },
      };
    },
    resumeConsumer: ({ consumerId }) => consumers.get(consumerId)!.resume(),
    closePeer(peerId) {
      for (const [id, transport] of transports) {
        if (transport.appData.peerId !== peerId) continue;
        transports.delete(id);
        transport.close();
      }
    },
    producers: () =>
      clip.producers.map(({ id, kind }) => ({
        ...{ producerId: id, peerId: 'clip', kind, paused: false },
        source: kind === 'video' ? ('camera' as const) : ('microphone' as const),
      })),
  };
  return {
    sfu,
    workerPid: worker.pid,
    async close() {
      await clip.close();
      const ended = once(worker, 'subprocessclose');
      worker.close();
      await ended;
    },
  };
}
