import type {
  Consumer,
  DtlsParameters,
  IceParameters,
  MediaKind,
  PlainTransport,
  Producer,
  RtpCapabilities,
  RtpParameters,
  WebRtcTransport,
} from 'mediasoup/types';
import type {
  ConsumerParameters,
  Direction,
  MediaLog,
  ProducerInfo,
  Source,
  TransportParameters,
} from '../contract.ts';
import { MediaError } from '../errors.ts';
import { layerForHeight, layersOf } from './layers.ts';
import { PeerConsumers } from './peer-consumers.ts';
import { isConnected, PeerTransports } from './peer-transports.ts';
import type { Dialect } from './dialect.ts';
import type { Seat, Site } from './site.ts';
import type { Sites } from './sites.ts';
import { StandingStreams } from './standing-streams.ts';
import type { PlacedRouter } from './worker-pool.ts';

export interface RoomEvents {
  onProducer: (info: ProducerInfo, producer: Producer) => void;
  onProducerClosed: (info: ProducerInfo) => void;
  onConsumerClosed: (closed: { consumerId: string; producerId: string; peerId: string }) => void;
  onTransportLost: (lost: { transportId: string; peerId: string; direction: Direction }) => void;
  /** The worker it received from died, and not the one that everything is published to. */
  onViewerLost: (lost: { peerId: string }) => void;
}

interface PublishedProducer {
  info: ProducerInfo;
  producer: Producer;
}

/** What a viewer may receive at first, in bits a second; the estimate grows from there. */
const INITIAL_OUTGOING_BITRATE = 1_500_000;
/** A line without a sign of the browser's ICE for so long is lost; mediasoup allows no less, and its own is 30 s. */
const ICE_CONSENT_SECONDS = 10;
/**
 * mediasoup passes one keyframe request per producer in this time, a second by itself: whoever joins just after another
 * waits for the rest of it. Not near 300 ms: browsers ignore a request so soon after the last, and mediasoup, which waits
 * for the answer, asks again only after a second.
 */
const KEY_FRAME_REQUEST_DELAY_MS = 500;

export interface ConsumeRequest {
  peerId: string;
  transportId: string;
  producerId: string;
  rtpCapabilities: RtpCapabilities;
  pixelHeight?: number;
}

/** A broadcast's peers with their transports, producers and consumers. It ends with its home router. */
export class Room {
  /** The home: everything is published here. */
  readonly placed: PlacedRouter;
  /** What is consumed like any producer, and is nobody's. */
  readonly standing: StandingStreams;
  readonly #sites: Sites;
  readonly #events: RoomEvents;
  readonly #transports = new PeerTransports();
  readonly #producers = new Map<string, PublishedProducer>();
  readonly #consumers = new PeerConsumers();

  constructor(placed: PlacedRouter, sites: Sites, events: RoomEvents, log: MediaLog) {
    this.placed = placed;
    this.standing = new StandingStreams(placed.router, log);
    this.#sites = sites;
    this.#events = events;
  }

  get counts() {
    return {
      transports: this.#transports.size,
      producers: this.#producers.size,
      consumers: this.#consumers.size,
      branches: this.#sites.branches,
    };
  }

  get producers(): PublishedProducer[] {
    return [...this.#producers.values()];
  }

  /** Throws `worker-full` where a viewer finds no place. */
  async createTransport(peerId: string, direction: Direction): Promise<TransportParameters> {
    return this.#createTransport(peerId, direction, direction === 'send' ? null : this.#seatOf(peerId));
  }

  /** For a client that names formats by its own numbers; with the router's capabilities in them. Throws `worker-full`. */
  async createDialectTransport(peerId: string, dialect: Dialect) {
    const seat = this.#sites.seatDialect(dialect);
    const transport = await this.#createTransport(peerId, 'recv', seat);
    const { router } = await seat.site.placed();
    return { transport, capabilities: router.rtpCapabilities };
  }

  async #createTransport(
    peerId: string,
    direction: Direction,
    seat: Seat | null,
  ): Promise<TransportParameters> {
    const site = seat?.site ?? this.#sites.home;
    const opening = this.#transports.open(peerId, () => this.#openWebRtc(site));
    const transport = await opening.catch((error: unknown) => {
      seat?.leave();
      throw error;
    });
    this.#transports.keep({ peerId, transport, seat }, () => {
      if (site.lost && site !== this.#sites.home) this.#events.onViewerLost({ peerId });
    });
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

  #seatOf(peerId: string) {
    return this.#transports.publishes(peerId) ? this.#sites.seatAtHome() : this.#sites.seatViewer();
  }

  async #openWebRtc(site: Site): Promise<WebRtcTransport> {
    const { router, webRtcServer } = await site.placed();
    return router.createWebRtcTransport({
      webRtcServer,
      enableUdp: true,
      enableTcp: true,
      preferUdp: true,
      initialAvailableOutgoingBitrate: INITIAL_OUTGOING_BITRATE,
      iceConsentTimeout: ICE_CONSENT_SECONDS,
    });
  }

  /** For RTP from a process on this machine. RTP and RTCP on ports of their own: with rtcpMux ffmpeg's does not arrive. */
  async createPlainIngest(peerId: string): Promise<PlainTransport> {
    const transport = await this.#transports.open(peerId, () =>
      this.placed.router.createPlainTransport({
        listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
        rtcpMux: false,
        comedia: true,
      }),
    );
    this.#transports.keep({ peerId, transport, seat: null });
    return transport;
  }

  async connectTransport(peerId: string, transportId: string, dtlsParameters: DtlsParameters): Promise<void> {
    const transport = this.#transports.requireWebRtc(peerId, transportId);
    await refuse('bad-parameters', () => transport.connect({ dtlsParameters }));
  }

  async restartIce(peerId: string, transportId: string): Promise<IceParameters> {
    return this.#transports.requireWebRtc(peerId, transportId).restartIce();
  }

  async produce(request: {
    peerId: string;
    transportId: string;
    kind: MediaKind;
    rtpParameters: RtpParameters;
    source: Source;
  }): Promise<ProducerInfo> {
    const { peerId, transportId, kind, rtpParameters, source } = request;
    const { transport } = this.#transports.require(peerId, transportId);
    const producer = await refuse('bad-parameters', () =>
      transport.produce({
        ...{ kind, rtpParameters, keyFrameRequestDelay: KEY_FRAME_REQUEST_DELAY_MS },
        // Its reports tie its sound and picture together; those of a process on this machine do not.
        appData: { fromBrowser: transport.type === 'webrtc' },
      }),
    );
    // mediasoup resolves all the same when the transport was closed meanwhile: nothing would ever take it out again.
    if (!this.#transports.has(transportId)) {
      producer.close();
      throw new MediaError('unknown-transport', `the transport ${transportId} was closed meanwhile`);
    }
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
    const paused = isConnected(this.#transports.require(peerId, transportId).transport);
    const able = await refuse('bad-parameters', async () =>
      this.producers.filter(
        ({ info: { producerId, peerId: publisher } }) =>
          publisher !== peerId && this.placed.router.canConsume({ producerId, rtpCapabilities }),
      ),
    );
    const offers = await Promise.allSettled(
      able.map(({ info: { producerId } }) => this.consume({ ...request, producerId }, paused)),
    );
    // Whoever left while someone joins is no reason to turn the joining away.
    const failed = offers.find(
      (offer, index): offer is PromiseRejectedResult =>
        offer.status === 'rejected' && this.#producers.has(able[index]!.info.producerId),
    );
    if (failed) throw failed.reason;
    return offers.flatMap((offer) => (offer.status === 'fulfilled' ? [offer.value] : []));
  }

  async consume(request: ConsumeRequest, paused = true): Promise<ConsumerParameters> {
    const { peerId, producerId, rtpCapabilities, pixelHeight } = request;
    const { transport, seat } = this.#transports.require(peerId, request.transportId);
    if (!this.#producers.has(producerId) && !this.standing.has(producerId))
      throw new MediaError('unknown-producer', `no producer ${producerId}`);
    const site = seat?.site ?? this.#sites.home;
    const { router, producerId: broughtId } = await site.bring(producerId, this.placed.router);
    const able = await refuse('bad-parameters', async () =>
      router.canConsume({ producerId: broughtId, rtpCapabilities }),
    );
    if (!able) throw new MediaError('cannot-consume', `peer ${peerId} cannot receive producer ${producerId}`);
    const consumer = await transport.consume({ producerId: broughtId, rtpCapabilities, paused });
    if (!this.#transports.has(request.transportId)) {
      consumer.close();
      throw new MediaError('unknown-transport', `the transport of peer ${peerId} was closed meanwhile`);
    }
    // Set by us when the viewer asked, or is gone: then there is nobody to tell.
    this.#consumers.keep({ peerId, consumer }, seat, () => {
      if (this.#transports.has(request.transportId))
        this.#events.onConsumerClosed({ consumerId: consumer.id, producerId, peerId });
    });
    const layers = layersOf(consumer);
    if (layers.spatialLayers > 1 && pixelHeight !== undefined)
      await consumer.setPreferredLayers({ spatialLayer: layerForHeight(pixelHeight, layers.spatialLayers) });
    const { id, kind, rtpParameters, producerPaused } = consumer;
    return { id, producerId, kind, rtpParameters, producerPaused, paused, ...layers };
  }

  consumer(peerId: string, consumerId: string): Consumer {
    return this.#consumers.require(peerId, consumerId);
  }

  closeConsumer(peerId: string, consumerId: string): void {
    this.#consumers.close(peerId, consumerId);
  }

  get receivingPeerIds(): string[] {
    return this.#transports.receivingPeerIds;
  }

  bytesReceived(peerId: string): Promise<number> {
    return this.#transports.bytesReceived(peerId);
  }

  closePeer(peerId: string): void {
    this.#transports.closePeer(peerId);
  }

  /** One of a peer's transports with all that is on it. Idempotent. */
  closeTransport(transportId: string): void {
    this.#transports.closeOne(transportId);
  }

  close(): void {
    this.#transports.close();
    this.#sites.close();
  }

  #published(peerId: string, producerId: string): PublishedProducer {
    const found = this.#producers.get(producerId);
    if (found?.info.peerId !== peerId) {
      throw new MediaError('unknown-producer', `peer ${peerId} has no producer ${producerId}`);
    }
    return found;
  }
}

/** Whatever mediasoup throws at what a client sent is the client's fault. */
async function refuse<T>(code: 'bad-parameters', task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    throw new MediaError(code, error instanceof Error ? error.message : String(error), { cause: error });
  }
}
