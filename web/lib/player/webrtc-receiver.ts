import type { types } from 'mediasoup-client';
import type { Input, MessageName, Output } from '#lib/live/room-socket.ts';
import { layerForSize } from './layer-for-size.ts';
import { readDelay, type DelayReading } from './receive-delay.ts';

type Say = <Name extends MessageName>(name: Name, input: Input<Name>) => Promise<Output<Name>>;
type Receiving = Output<'media:receive'>;
type ConsumerParameters = Receiving['consumers'][number];

/** What is received, and how it fares. */
export interface ReceiverHealth {
  secondsBehind: number | undefined;
  /** Share of packets lost since the last reading, 0 to 1. */
  lossShare: number;
  roundTripSeconds: number;
  /** How often the picture stood still since the last reading. */
  freezes: number;
}

/** A line without connection for so long is given up. */
const CONNECT_MS = 5_000;

/** Receives the room's producers: the sound of all and the large picture in one stream, the other pictures apart. */
export class WebRtcReceiver {
  readonly stream = new MediaStream();
  readonly #device: types.Device;
  readonly #transport: types.Transport;
  readonly #say: Say;
  readonly #onBroken: () => void;
  readonly #consumers = new Map<string, types.Consumer>();
  /** What the hub sends from the beginning and has not been asked for here. */
  readonly #offered = new Map<string, ConsumerParameters>();
  #queue: Promise<void> = Promise.resolve();
  #deadline: ReturnType<typeof setTimeout> | undefined;
  #last: DelayReading | undefined;
  #main: string | undefined;
  readonly #apart = new Map<string, MediaStream>();
  /** Called when a picture came, went or changed places. */
  onPictures: (() => void) | undefined;
  /** How many sizes of each consumer's picture there are to choose from. */
  readonly #sizes = new Map<string, number>();
  #pixelHeight: number | undefined;
  #pictureRests = false;
  /** What last came of each receiver, and when something last did. */
  readonly #heard = new Map<string, number>();
  #heardAt = 0;
  #closed = false;

  /** Asks for the receiving side and opens it. */
  static async open(device: types.Device, say: Say, onBroken: () => void): Promise<WebRtcReceiver> {
    const { recvRtpCapabilities: rtpCapabilities } = device;
    return new WebRtcReceiver(device, await say('media:receive', { rtpCapabilities }), say, onBroken);
  }

  /** Opens what the hub offered. `onBroken` is called once when the line cannot be kept. */
  constructor(device: types.Device, offer: Receiving, say: Say, onBroken: () => void) {
    const transport = device.createRecvTransport(offer.transport);
    for (const consumer of offer.consumers) this.#offered.set(consumer.producerId, consumer);
    this.#device = device;
    this.#transport = transport;
    this.#say = say;
    this.#onBroken = onBroken;
    transport.on('connect', ({ dtlsParameters }, done) => {
      this.#deadline = setTimeout(() => this.#break(), CONNECT_MS);
      say('media:connect', { transportId: transport.id, dtlsParameters }).catch((error: unknown) => {
        console.info('The hub does not take the line', error);
        this.#break();
      });
      // The answer is not waited for: ICE, which goes to and fro once more, may begin meanwhile.
      done();
    });
    transport.on('connectionstatechange', (state) => {
      if (state === 'connected') clearTimeout(this.#deadline);
      if (state === 'failed') this.#break();
      if (state === 'disconnected') void this.restartIce();
    });
  }

  get connected(): boolean {
    return this.#transport.connectionState === 'connected';
  }

  /**
   * Receives one more producer. Those that were offered with the line are negotiated together; later ones one after
   * another.
   */
  add(producerId: string): Promise<void> {
    const offer = this.#offered.get(producerId);
    this.#offered.delete(producerId);
    if (offer) return this.#take(producerId, offer);
    const mine = this.#queue.then(() => this.#consume(producerId));
    // One that cannot be received does not hold up the next.
    this.#queue = mine.catch(() => undefined);
    return mine;
  }

  async #consume(producerId: string): Promise<void> {
    if (this.#closed || this.#consumers.has(producerId)) return;
    const parameters = await this.#say('media:consume', {
      transportId: this.#transport.id,
      producerId,
      rtpCapabilities: this.#device.recvRtpCapabilities,
    });
    await this.#take(producerId, parameters);
  }

  async #take(producerId: string, parameters: ConsumerParameters): Promise<void> {
    // mediasoup knows more header extensions by name than mediasoup-client does.
    const consumer = await this.#transport.consume(parameters as unknown as types.ConsumerOptions);
    if (this.#closed) return consumer.close();
    this.#consumers.set(producerId, consumer);
    this.#arrange();
    this.#sizes.set(consumer.id, parameters.spatialLayers);
    const isPicture = consumer.kind === 'video';
    if (isPicture) await this.#askForSize(consumer.id);
    const rests = isPicture && this.#pictureRests;
    if (rests === parameters.paused) return;
    await this.#say(rests ? 'media:pause-consumer' : 'media:resume-consumer', { consumerId: consumer.id });
  }

  /** How many pixels of the screen the picture is high: a larger one need not be sent. */
  async preferHeight(pixelHeight: number): Promise<void> {
    this.#pixelHeight = pixelHeight;
    for (const { id } of this.#pictures()) await this.#askForSize(id);
  }

  async #askForSize(consumerId: string): Promise<void> {
    const sizes = this.#sizes.get(consumerId) ?? 1;
    if (this.#pixelHeight === undefined || sizes < 2) return;
    const spatialLayer = layerForSize(this.#pixelHeight, sizes);
    await this.#say('media:set-layers', { consumerId, spatialLayer });
  }

  /** Nobody looks: the picture is not sent, the sound goes on. */
  async restPicture(rests: boolean): Promise<void> {
    if (rests === this.#pictureRests) return;
    this.#pictureRests = rests;
    const name = rests ? 'media:pause-consumer' : 'media:resume-consumer';
    for (const { id } of this.#pictures()) await this.#say(name, { consumerId: id });
  }

  #pictures(): types.Consumer[] {
    return [...this.#consumers.values()].filter(({ kind }) => kind === 'video');
  }

  /** Milliseconds since anything came; undefined before the first, or where the browser does not tell. */
  silentForMs(): number | undefined {
    if (this.#closed) return undefined;
    const now = performance.now();
    for (const { id, rtpReceiver } of this.#consumers.values()) {
      const [source] = rtpReceiver?.getSynchronizationSources?.() ?? [];
      if (!source || this.#heard.get(id) === source.rtpTimestamp) continue;
      this.#heard.set(id, source.rtpTimestamp);
      this.#heardAt = now;
    }
    return this.#heardAt > 0 ? now - this.#heardAt : undefined;
  }

  remove(producerId: string): void {
    const consumer = this.#consumers.get(producerId);
    if (!consumer) return;
    this.#consumers.delete(producerId);
    this.#apart.delete(producerId);
    this.#heard.delete(consumer.id);
    this.#sizes.delete(consumer.id);
    consumer.close();
    this.#arrange();
  }

  /** Which picture stands in the stream. While it is not there, the newest. */
  showLarge(producerId: string | undefined): void {
    if (this.#main === producerId) return;
    this.#main = producerId;
    this.#arrange();
  }

  /** A picture without its sound, or undefined where it is not received. */
  pictureOf(producerId: string): MediaStream | undefined {
    const consumer = this.#consumers.get(producerId);
    if (consumer?.kind !== 'video') return undefined;
    const apart = this.#apart.get(producerId) ?? new MediaStream([consumer.track]);
    this.#apart.set(producerId, apart);
    return apart;
  }

  /** The producer whose picture stands in the stream. */
  get large(): string | undefined {
    const pictures = [...this.#consumers].filter(([, { kind }]) => kind === 'video').map(([id]) => id);
    return this.#main !== undefined && pictures.includes(this.#main) ? this.#main : pictures.at(-1);
  }

  #arrange(): void {
    const { large } = this;
    const wanted = [...this.#consumers]
      .filter(([id, { kind }]) => kind === 'audio' || id === large)
      .map(([, { track }]) => track);
    for (const track of this.stream.getTracks()) if (!wanted.includes(track)) this.stream.removeTrack(track);
    for (const track of wanted) this.stream.addTrack(track);
    this.onPictures?.();
  }

  get producerIds(): string[] {
    return [...this.#consumers.keys()];
  }

  /** The network changed under the line: it is found again without taking it down. */
  async restartIce(): Promise<void> {
    if (this.#closed) return;
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#break(), CONNECT_MS);
    try {
      const iceParameters = await this.#say('media:restart-ice', { transportId: this.#transport.id });
      await this.#transport.restartIce({ iceParameters });
      if (this.connected) clearTimeout(this.#deadline);
    } catch (error) {
      // The deadline decides: the room may only be out of reach for a moment.
      console.info('The line could not be renewed', error);
    }
  }

  async health(): Promise<ReceiverHealth> {
    if (this.#closed) return { secondsBehind: undefined, lossShare: 0, roundTripSeconds: 0, freezes: 0 };
    const reading = readDelay(await this.#transport.getStats());
    const before = this.#last;
    this.#last = reading;
    const received = reading.packetsReceived - (before?.packetsReceived ?? 0);
    const lost = Math.max(0, reading.packetsLost - (before?.packetsLost ?? 0));
    const frames = reading.framesEmitted - (before?.framesEmitted ?? 0);
    const bufferedSeconds = reading.bufferDelaySeconds - (before?.bufferDelaySeconds ?? 0);
    return {
      secondsBehind: frames > 0 ? bufferedSeconds / frames + reading.roundTripSeconds / 2 : undefined,
      lossShare: received + lost > 0 ? lost / (received + lost) : 0,
      roundTripSeconds: reading.roundTripSeconds,
      freezes: Math.max(0, reading.freezes - (before?.freezes ?? 0)),
    };
  }

  #break(): void {
    if (this.#closed) return;
    this.close();
    this.#onBroken();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#deadline);
    this.#transport.close();
    for (const track of this.stream.getTracks()) this.stream.removeTrack(track);
  }
}
