import type {
  Consumer,
  DtlsParameters,
  IceParameters,
  MediaKind,
  PlainTransport,
  Producer,
  RtpCapabilities,
  RtpParameters,
  Transport,
  WebRtcTransport,
} from 'mediasoup/types';
import type {
  ConsumerParameters,
  Direction,
  ProducerInfo,
  Source,
  TransportParameters,
} from '../contract.ts';
import { MediaError } from '../errors.ts';
import { layerForHeight, layersOf } from './layers.ts';
import type { PlacedRouter } from './worker-pool.ts';

export interface RoomEvents {
  onProducer: (info: ProducerInfo, producer: Producer) => void;
  onProducerClosed: (info: ProducerInfo) => void;
  onConsumerClosed: (closed: { consumerId: string; producerId: string; peerId: string }) => void;
  onTransportLost: (lost: { transportId: string; peerId: string; direction: Direction }) => void;
}

interface PublishedProducer {
  info: ProducerInfo;
  producer: Producer;
}

/** What a viewer may receive at first, in bits a second; the estimate grows from there. */
const INITIAL_OUTGOING_BITRATE = 1_500_000;
/**
 * A page that has vanished is known to be gone after so long without a sign of its ICE; mediasoup's own is 30 s. Browsers
 * give one every 2.5 s, and more often on a line that loses packets.
 */
const ICE_CONSENT_SECONDS = 6;
/** mediasoup passes one keyframe request per producer in this time. */
const KEY_FRAME_REQUEST_DELAY_MS = 1000;

/** A page needs one transport a direction; a second of each while it reconnects. What is beyond is the oldest's end. */
const TRANSPORTS_OF_PEER = 4;
/** Each of a few publishers' picture and sound, and their successors while a page changes over. */
const CONSUMERS_OF_PEER = 16;

export interface ConsumeRequest {
  peerId: string;
  transportId: string;
  producerId: string;
  rtpCapabilities: RtpCapabilities;
  pixelHeight?: number;
}

/** Peers, transports, producers and consumers on one router. It ends with the router. */
export class Room {
  readonly placed: PlacedRouter;
  readonly #events: RoomEvents;
  readonly #transports = new Map<string, { peerId: string; transport: Transport }>();
  readonly #producers = new Map<string, PublishedProducer>();
  readonly #consumers = new Map<string, { peerId: string; consumer: Consumer }>();

  constructor(placed: PlacedRouter, events: RoomEvents) {
    this.placed = placed;
    this.#events = events;
  }

  get counts() {
    return {
      transports: this.#transports.size,
      producers: this.#producers.size,
      consumers: this.#consumers.size,
    };
  }

  get producers(): PublishedProducer[] {
    return [...this.#producers.values()];
  }

  async createTransport(peerId: string, direction: Direction): Promise<TransportParameters> {
    const transport = await this.placed.router.createWebRtcTransport({
      webRtcServer: this.placed.webRtcServer,
      enableUdp: true,
      enableTcp: true,
      preferUdp: true,
      initialAvailableOutgoingBitrate: INITIAL_OUTGOING_BITRATE,
      iceConsentTimeout: ICE_CONSENT_SECONDS,
    });
    this.#keepTransport(peerId, transport);
    const lost = () => this.#events.onTransportLost({ transportId: transport.id, peerId, direction });
    transport.on('icestatechange', (state) => {
      if (state === 'disconnected') lost();
    });
    transport.on('dtlsstatechange', (state) => {
      if (state === 'failed' || state === 'closed') lost();
    });
    const { id, iceParameters, iceCandidates, dtlsParameters } = transport;
    return { id, iceParameters, iceCandidates, dtlsParameters };
  }

  /** For RTP from a process on this machine. RTP and RTCP on ports of their own: with rtcpMux ffmpeg's does not arrive. */
  async createPlainIngest(peerId: string): Promise<PlainTransport> {
    const transport = await this.placed.router.createPlainTransport({
      listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
      rtcpMux: false,
      comedia: true,
    });
    this.#keepTransport(peerId, transport);
    return transport;
  }

  async connectTransport(peerId: string, transportId: string, dtlsParameters: DtlsParameters): Promise<void> {
    const transport = this.#webRtcTransport(peerId, transportId);
    await refuse('bad-parameters', () => transport.connect({ dtlsParameters }));
  }

  async restartIce(peerId: string, transportId: string): Promise<IceParameters> {
    return this.#webRtcTransport(peerId, transportId).restartIce();
  }

  async produce(request: {
    peerId: string;
    transportId: string;
    kind: MediaKind;
    rtpParameters: RtpParameters;
    source: Source;
  }): Promise<ProducerInfo> {
    const { peerId, transportId, kind, rtpParameters, source } = request;
    const transport = this.#transport(peerId, transportId);
    const producer = await refuse('bad-parameters', () =>
      transport.produce({ kind, rtpParameters, keyFrameRequestDelay: KEY_FRAME_REQUEST_DELAY_MS }),
    );
    const info: ProducerInfo = { producerId: producer.id, peerId, kind, source, paused: false };
    this.#producers.set(producer.id, { info, producer });
    producer.observer.once('close', () => {
      this.#producers.delete(producer.id);
      this.#events.onProducerClosed(info);
    });
    this.#events.onProducer(info, producer);
    return { ...info };
  }

  /** Returns whether that changed anything. */
  async setProducerPaused(peerId: string, producerId: string, paused: boolean): Promise<boolean> {
    const { info, producer } = this.#published(peerId, producerId);
    if (info.paused === paused) return false;
    info.paused = paused;
    await (paused ? producer.pause() : producer.resume());
    return true;
  }

  closeProducer(peerId: string, producerId: string): void {
    this.#published(peerId, producerId).producer.close();
  }

  /** All that others publish and this peer can receive. */
  async consumeAll(request: Omit<ConsumeRequest, 'producerId'>): Promise<ConsumerParameters[]> {
    const { peerId, transportId, rtpCapabilities } = request;
    const paused = isConnected(this.#transport(peerId, transportId));
    const able = await refuse('bad-parameters', async () =>
      this.producers.filter(
        ({ info: { producerId, peerId: publisher } }) =>
          publisher !== peerId && this.placed.router.canConsume({ producerId, rtpCapabilities }),
      ),
    );
    return Promise.all(
      able.map(({ info: { producerId } }) => this.consume({ ...request, producerId }, paused)),
    );
  }

  async consume(request: ConsumeRequest, paused = true): Promise<ConsumerParameters> {
    const { peerId, producerId, rtpCapabilities, pixelHeight } = request;
    const transport = this.#transport(peerId, request.transportId);
    if (!this.#producers.has(producerId))
      throw new MediaError('unknown-producer', `no producer ${producerId}`);
    const able = await refuse('bad-parameters', async () =>
      this.placed.router.canConsume({ producerId, rtpCapabilities }),
    );
    if (!able) throw new MediaError('cannot-consume', `peer ${peerId} cannot receive producer ${producerId}`);
    const consumer = await transport.consume({ producerId, rtpCapabilities, paused });
    const layers = layersOf(consumer);
    if (layers.spatialLayers > 1 && pixelHeight !== undefined)
      await consumer.setPreferredLayers({ spatialLayer: layerForHeight(pixelHeight, layers.spatialLayers) });
    this.#consumers.set(consumer.id, { peerId, consumer });
    const theirs = [...this.#consumers.values()].filter((one) => one.peerId === peerId);
    for (const one of theirs.slice(0, -CONSUMERS_OF_PEER)) one.consumer.close();
    // Set by us when the viewer asked: then there is nobody to tell.
    consumer.observer.once('close', () => {
      if (!this.#consumers.delete(consumer.id) || !this.#transports.has(request.transportId)) return;
      this.#events.onConsumerClosed({ consumerId: consumer.id, producerId, peerId });
    });
    const { id, kind, rtpParameters, producerPaused } = consumer;
    return { id, producerId, kind, rtpParameters, producerPaused, paused, ...layers };
  }

  consumer(peerId: string, consumerId: string): Consumer {
    const found = this.#consumers.get(consumerId);
    if (found?.peerId !== peerId)
      throw new MediaError('unknown-consumer', `peer ${peerId} has no consumer ${consumerId}`);
    return found.consumer;
  }

  closeConsumer(peerId: string, consumerId: string): void {
    const consumer = this.consumer(peerId, consumerId);
    this.#consumers.delete(consumerId);
    consumer.close();
  }

  closePeer(peerId: string): void {
    for (const [id, owned] of this.#transports) {
      if (owned.peerId !== peerId) continue;
      this.#transports.delete(id);
      owned.transport.close();
    }
  }

  close(): void {
    this.#transports.clear();
    this.placed.router.close();
  }

  #keepTransport(peerId: string, transport: Transport): void {
    this.#transports.set(transport.id, { peerId, transport });
    transport.observer.once('close', () => this.#transports.delete(transport.id));
    const theirs = [...this.#transports.values()].filter((one) => one.peerId === peerId);
    for (const one of theirs.slice(0, -TRANSPORTS_OF_PEER)) one.transport.close();
  }

  #transport(peerId: string, transportId: string): Transport {
    const found = this.#transports.get(transportId);
    if (found?.peerId !== peerId) {
      throw new MediaError('unknown-transport', `peer ${peerId} has no transport ${transportId}`);
    }
    return found.transport;
  }

  #webRtcTransport(peerId: string, transportId: string): WebRtcTransport {
    const transport = this.#transport(peerId, transportId);
    if (transport.type !== 'webrtc')
      throw new MediaError('unknown-transport', `${transportId} is not a browser's`);
    return transport as WebRtcTransport;
  }

  #published(peerId: string, producerId: string): PublishedProducer {
    const found = this.#producers.get(producerId);
    if (found?.info.peerId !== peerId) {
      throw new MediaError('unknown-producer', `peer ${peerId} has no producer ${producerId}`);
    }
    return found;
  }
}

/** Packets sent now arrive now. */
function isConnected(transport: Transport): boolean {
  return transport.type !== 'webrtc' || (transport as WebRtcTransport).dtlsState === 'connected';
}

/** Whatever mediasoup throws at what a client sent is the client's fault. */
async function refuse<T>(code: 'bad-parameters', task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    throw new MediaError(code, error instanceof Error ? error.message : String(error), { cause: error });
  }
}
