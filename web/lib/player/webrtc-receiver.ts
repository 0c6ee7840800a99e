import type { types } from 'mediasoup-client';
import type { Input, MessageName, Output } from '#lib/live/room-socket.ts';
import { readDelay, type DelayReading } from './receive-delay.ts';

type Say = <Name extends MessageName>(name: Name, input: Input<Name>) => Promise<Output<Name>>;
type ConsumerParameters = Output<'media:receive'>['consumers'][number];

/** What is received, and how it fares. */
export interface ReceiverHealth {
  secondsBehind: number | undefined;
  /** Share of packets lost since the last reading, 0 to 1. */
  lossShare: number;
}

/** A line without connection for so long is given up. */
const CONNECT_MS = 5_000;

/** Receives the room's producers into one MediaStream. */
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
  #closed = false;

  /** Opens the receiving side. `onBroken` is called once when the line cannot be kept. */
  static async open(device: types.Device, say: Say, onBroken: () => void): Promise<WebRtcReceiver> {
    const rtpCapabilities = device.recvRtpCapabilities;
    const { transport, consumers } = await say('media:receive', { rtpCapabilities });
    const receiver = new WebRtcReceiver(device, device.createRecvTransport(transport), say, onBroken);
    for (const offer of consumers) receiver.#offered.set(offer.producerId, offer);
    return receiver;
  }

  private constructor(device: types.Device, transport: types.Transport, say: Say, onBroken: () => void) {
    this.#device = device;
    this.#transport = transport;
    this.#say = say;
    this.#onBroken = onBroken;
    transport.on('connect', ({ dtlsParameters }, done, failed) => {
      this.#deadline = setTimeout(() => this.#break(), CONNECT_MS);
      say('media:connect', { transportId: transport.id, dtlsParameters }).then(done, failed);
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
    for (const track of this.stream.getTracks())
      if (track.kind === consumer.kind) this.stream.removeTrack(track);
    this.stream.addTrack(consumer.track);
    if (parameters.paused) await this.#say('media:resume-consumer', { consumerId: consumer.id });
  }

  remove(producerId: string): void {
    const consumer = this.#consumers.get(producerId);
    if (!consumer) return;
    this.#consumers.delete(producerId);
    this.stream.removeTrack(consumer.track);
    consumer.close();
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
    if (this.#closed) return { secondsBehind: undefined, lossShare: 0 };
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
