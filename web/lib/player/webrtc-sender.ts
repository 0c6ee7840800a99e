import type { types } from 'mediasoup-client';
import type { Source } from '../../../server/broadcasts/messages.ts';
import { cameraEncodings, PICTURE_STEPS, type LineReading } from '#lib/live/picture-steps.ts';
import type { Input, MessageName, Output } from '#lib/live/room-socket.ts';
import { readSending } from './sending-stats.ts';

type Say = <Name extends MessageName>(name: Name, input: Input<Name>) => Promise<Output<Name>>;

const CONNECT_MS = 8_000;
const SCREEN_BITS_PER_SECOND = 1_200_000;

/** How the line fares, and how much left on it since the beginning. */
export interface SenderHealth extends LineReading {
  bytesSent: number;
}

/** Sends camera, microphone and a shared screen with its sound into the room. */
export class WebRtcSender {
  readonly #device: types.Device;
  readonly #transport: types.Transport;
  readonly #say: Say;
  readonly #onBroken: () => void;
  readonly #producers = new Map<Source, types.Producer>();
  /** What the hub knows to be paused. */
  readonly #told = new Set<Source>();
  #deadline: ReturnType<typeof setTimeout> | undefined;
  #step = 0;
  #closed = false;

  /** Opens the sending side. `onBroken` is called once when the line cannot be kept. */
  static async open(device: types.Device, say: Say, onBroken: () => void): Promise<WebRtcSender> {
    const parameters = await say('media:transport', { direction: 'send' });
    return new WebRtcSender(device, device.createSendTransport(parameters), say, onBroken);
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
    transport.on('produce', ({ kind, rtpParameters, appData }, done, failed) => {
      const { source } = appData as { source: Source };
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

  /** Sends a track; later ones of the same source take its place. The track stays the caller's and is never stopped here. */
  async send(source: Source, track: MediaStreamTrack): Promise<void> {
    const standing = this.#producers.get(source);
    if (standing && standing.track === track) return;
    if (standing) return standing.replaceTrack({ track });
    const producer = await this.#transport.produce({
      ...{ track, stopTracks: false, disableTrackOnPause: true, zeroRtpOnPause: true },
      appData: { source },
      ...(track.kind === 'audio' ? soundOptions(source) : this.#pictureOptions(source, track)),
    });
    if (this.#closed) return producer.close();
    this.#producers.set(source, producer);
    if (source === 'camera') await this.#applyStep();
  }

  #pictureOptions(source: Source, track: MediaStreamTrack): Partial<types.ProducerOptions> {
    const height = track.getSettings().height ?? 0;
    const cores = navigator.hardwareConcurrency;
    const isPhone = /Mobi|Android/.test(navigator.userAgent);
    return {
      // What HLS and iPhones take without transcoding; browsers would choose VP8.
      codec: this.#device.sendRtpCapabilities.codecs?.find((c) => c.mimeType.toLowerCase() === 'video/h264'),
      encodings:
        source === 'screen'
          ? [{ maxBitrate: SCREEN_BITS_PER_SECOND, maxFramerate: 15 }]
          : cameraEncodings({ height, cores, isPhone }),
      codecOptions: { videoGoogleStartBitrate: 800 },
    };
  }

  /** Ends what is sent of a source, at the hub as well. */
  async stop(source: Source): Promise<void> {
    const producer = this.#producers.get(source);
    if (!producer) return;
    this.#producers.delete(source);
    this.#told.delete(source);
    producer.close();
    await this.#say('media:close-producer', { producerId: producer.id });
  }

  /** The hub ended a producer of ours: it is not sent on into nothing. */
  forget(producerId: string): void {
    for (const [source, producer] of this.#producers)
      if (producer.id === producerId) {
        this.#producers.delete(source);
        producer.close();
      }
  }

  /** Mutes or unmutes: the class goes on with silence or a plain picture. */
  async setPaused(source: Source, paused: boolean): Promise<void> {
    const producer = this.#producers.get(source);
    if (!producer) return;
    if (paused) producer.pause();
    else producer.resume();
    if (this.#told.has(source) === paused) return;
    await this.#say(paused ? 'media:pause-producer' : 'media:resume-producer', { producerId: producer.id });
    if (paused) this.#told.add(source);
    else this.#told.delete(source);
  }

  /** Sends the camera as {@link PICTURE_STEPS} has it. Where it is sent in two sizes the hub chooses between them. */
  async setStep(step: number): Promise<void> {
    if (step === this.#step) return;
    this.#step = step;
    await this.#applyStep();
  }

  async #applyStep(): Promise<void> {
    const sender = this.#producers.get('camera')?.rtpSender;
    const wanted = PICTURE_STEPS[this.#step];
    const parameters = sender?.getParameters();
    const [encoding] = parameters?.encodings ?? [];
    if (!sender || !parameters || !encoding || !wanted || parameters.encodings.length > 1) return;
    encoding.maxBitrate = wanted.maxBitrate;
    encoding.maxFramerate = wanted.framesPerSecond;
    encoding.scaleResolutionDownBy = wanted.scale;
    await sender.setParameters(parameters);
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

  /** What of the line is left for the camera, its losses, and all that was sent. */
  async health(): Promise<SenderHealth> {
    if (this.#closed) return { bytesSent: 0, availableBits: undefined, lossShare: 0 };
    const { availableBits, ...reading } = readSending(await this.#transport.getStats());
    const forScreen = this.#producers.has('screen') ? SCREEN_BITS_PER_SECOND : 0;
    return { ...reading, availableBits: availableBits && availableBits - forScreen };
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

function soundOptions(source: Source): Partial<types.ProducerOptions> {
  return { codecOptions: { opusStereo: source === 'screen-sound', opusDtx: false, opusFec: true } };
}
