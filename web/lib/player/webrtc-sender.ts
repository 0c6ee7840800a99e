import type { types } from 'mediasoup-client';
import type { Input, MessageName, Output } from '#lib/live/room-socket.ts';

type Say = <Name extends MessageName>(name: Name, input: Input<Name>) => Promise<Output<Name>>;

const CONNECT_MS = 8_000;
const PICTURE_BITS_PER_SECOND = 1_500_000;

/** Sends a camera and a microphone into the room. */
export class WebRtcSender {
  readonly #transport: types.Transport;
  readonly #say: Say;
  readonly #onBroken: () => void;
  readonly #producers = new Map<types.MediaKind, types.Producer>();
  /** What the hub knows to be paused. */
  readonly #told = new Set<types.MediaKind>();
  #deadline: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  /** Opens the sending side. `onBroken` is called once when the line cannot be kept. */
  static async open(device: types.Device, say: Say, onBroken: () => void): Promise<WebRtcSender> {
    const parameters = await say('media:transport', { direction: 'send' });
    return new WebRtcSender(device.createSendTransport(parameters), say, onBroken);
  }

  private constructor(transport: types.Transport, say: Say, onBroken: () => void) {
    this.#transport = transport;
    this.#say = say;
    this.#onBroken = onBroken;
    transport.on('connect', ({ dtlsParameters }, done, failed) => {
      this.#deadline = setTimeout(() => this.#break(), CONNECT_MS);
      say('media:connect', { transportId: transport.id, dtlsParameters }).then(done, failed);
    });
    transport.on('produce', ({ kind, rtpParameters }, done, failed) => {
      const source = kind === 'video' ? 'camera' : 'microphone';
      say('media:produce', { transportId: transport.id, kind, source, rtpParameters }).then(
        ({ producerId }) => done({ id: producerId }),
        failed,
      );
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

  /** Sends a track; later ones of the same kind take its place. The track stays the caller's and is never stopped here. */
  async send(track: MediaStreamTrack, device: types.Device): Promise<void> {
    const kind = track.kind as types.MediaKind;
    const standing = this.#producers.get(kind);
    if (standing) return standing.replaceTrack({ track });
    const common = { track, stopTracks: false, disableTrackOnPause: true, zeroRtpOnPause: true };
    const producer = await this.#transport.produce(
      kind === 'audio'
        ? { ...common, codecOptions: { opusStereo: false, opusDtx: false, opusFec: true } }
        : {
            ...common,
            // What HLS and iPhones take without transcoding; browsers would choose VP8.
            codec: device.sendRtpCapabilities.codecs?.find((c) => c.mimeType.toLowerCase() === 'video/h264'),
            encodings: [{ maxBitrate: PICTURE_BITS_PER_SECOND }],
            codecOptions: { videoGoogleStartBitrate: 800 },
          },
    );
    if (this.#closed) return producer.close();
    this.#producers.set(kind, producer);
  }

  /** Mutes or unmutes: the class goes on with silence or a plain picture. */
  async setPaused(kind: types.MediaKind, paused: boolean): Promise<void> {
    const producer = this.#producers.get(kind);
    if (!producer) return;
    if (paused) producer.pause();
    else producer.resume();
    if (this.#told.has(kind) === paused) return;
    await this.#say(paused ? 'media:pause-producer' : 'media:resume-producer', { producerId: producer.id });
    if (paused) this.#told.add(kind);
    else this.#told.delete(kind);
  }

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

  /** Bits of picture and sound that left, since the beginning. */
  async bytesSent(): Promise<number> {
    let bytes = 0;
    if (this.#closed) return bytes;
    const stats = await this.#transport.getStats();
    stats.forEach((entry: { type: string; bytesSent?: number }) => {
      if (entry.type === 'outbound-rtp') bytes += entry.bytesSent ?? 0;
    });
    return bytes;
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
  }
}
