import type { types } from 'mediasoup-client';
import type { Room } from '#lib/live/room.svelte.ts';
import type { StagePictures } from '#lib/live/stage-pictures.svelte.ts';
import { RoomRefused, type Input } from '#lib/live/room-socket.ts';
import { likelyPixelHeight, observePixelHeight } from './layer-for-size.ts';
import { LineKeeper } from './line-keeper.ts';
import { openMediaDevice, preparedDevice } from './media-device.ts';
import { isFullScreen } from './screen-modes.ts';
import { WebRtcReceiver, type ReceiverHealth } from './webrtc-receiver.ts';

/** The browser cannot, or no worker has a place left: HLS can and has. */
const REFUSED = new Set(['media.unsupported', 'media.full']);
const SILENT_MS = 1_000;
/** WebRTC that failed so often in a row is left alone for this page. */
const TRIES = 2;

export function hasWebRtc(): boolean {
  return typeof RTCPeerConnection !== 'undefined';
}

/** What joining asks for at once; undefined while no device is ready, which is asked for later. */
export function wishToReceive(): Input<'media:receive'> | undefined {
  const device = preparedDevice();
  return device && wishWith(device, likelyPixelHeight(window, isFullScreen()));
}

function wishWith(device: types.Device, pixelHeight: number | undefined): Input<'media:receive'> {
  const { recvRtpCapabilities: rtpCapabilities } = device;
  return { rtpCapabilities, pixelHeight };
}

/** The room's media by WebRTC in one video element: opened, kept through changes of network, counted out when it fails. */
export class WebRtcSide {
  readonly #room: Room;
  readonly #video: HTMLVideoElement;
  readonly #pictures: StagePictures;
  readonly #on: { picture(): void; giveUp(): void };
  readonly #keeper: LineKeeper;
  readonly #size: { close(): void };
  #receiver: WebRtcReceiver | null = null;
  #pixelHeight: number | undefined;
  #failures = 0;
  /** Rises with every start and stop: what was begun for an older one is dropped. */
  #run = 0;

  /** `picture`: something can be played. `giveUp`: another way must be taken, see {@link works}. */
  constructor(
    room: Room,
    video: HTMLVideoElement,
    pictures: StagePictures,
    on: { picture(): void; giveUp(): void },
  ) {
    this.#room = room;
    this.#pictures = pictures;
    this.#video = video;
    this.#on = on;
    const silentForMs = () =>
      room.broadcast.state === 'live' ? (this.#receiver?.silentForMs() ?? undefined) : undefined;
    this.#keeper = new LineKeeper({ silentForMs, renew: () => this.renew() }, () => room.reconnect());
    this.#size = observePixelHeight(video, (pixels) => {
      this.#pixelHeight = pixels;
      this.#tell(this.#receiver?.preferHeight(pixels));
    });
  }

  /** It is worth trying on this page. */
  get works(): boolean {
    return hasWebRtc() && this.#failures < TRIES;
  }

  get open(): boolean {
    return this.#receiver !== null;
  }

  /** The reader asks for it again. */
  forgive(): void {
    this.#failures = 0;
  }

  async start(): Promise<void> {
    this.stop();
    const run = this.#run;
    const capabilities = this.#room.joined?.rtpCapabilities;
    if (!capabilities) return;
    try {
      const device = await openMediaDevice(capabilities as types.RtpCapabilities);
      if (run !== this.#run) return;
      if (!device) return this.#giveUp();
      const say = this.#room.say.bind(this.#room);
      const wish = wishWith(device, this.#pixelHeight);
      const offer = this.#room.takeOffer(wish.rtpCapabilities) ?? (await say('media:receive', wish));
      if (run !== this.#run) return;
      const receiver: WebRtcReceiver = new WebRtcReceiver(device, offer, say, () =>
        this.#failed(receiver, new Error('the line is lost')),
      );
      this.#receiver = receiver;
    } catch (error) {
      if (run === this.#run) this.#failed(null, error);
      return;
    }
    if (this.#pixelHeight !== undefined) this.#tell(this.#receiver.preferHeight(this.#pixelHeight));
    this.#pictures.attach(this.#receiver);
    this.#video.srcObject = this.#receiver.stream;
    for (const producerId of this.#room.producerIds) void this.add(producerId);
  }

  stop(): void {
    this.#run += 1;
    this.#pictures.attach(null);
    this.#receiver?.close();
    this.#receiver = null;
  }

  async add(producerId: string): Promise<void> {
    const receiver = this.#receiver;
    if (!receiver) return;
    try {
      await receiver.add(producerId);
      if (receiver === this.#receiver) this.#on.picture();
    } catch (error) {
      this.#failed(receiver, error);
    }
  }

  remove(producerId: string): void {
    this.#receiver?.remove(producerId);
  }

  /**
   * The room was left and entered again. False where the media did not go on; else what changed meanwhile is made good,
   * and a line that is silent is renewed.
   */
  goOn(): boolean {
    const receiver = this.#receiver;
    if (!receiver?.connected) return false;
    if ((receiver.silentForMs() ?? 0) > SILENT_MS) this.renew();
    const wanted = this.#room.producerIds;
    for (const id of receiver.producerIds) if (!wanted.includes(id)) receiver.remove(id);
    for (const id of wanted) void this.add(id);
    return true;
  }

  renew(): void {
    void this.#receiver?.restartIce();
  }

  /** Nobody looks at the picture. */
  rest(rests: boolean): void {
    this.#tell(this.#receiver?.restPicture(rests));
  }

  /** Undefined where another way was taken meanwhile. */
  async health(): Promise<ReceiverHealth | undefined> {
    const receiver = this.#receiver;
    const health = await receiver?.health();
    return receiver === this.#receiver ? health : undefined;
  }

  /** A picture that stands still: counted, and fetched anew. */
  again(): void {
    this.#failures += 1;
    this.#room.joinAfresh();
  }

  /** A lost room is no failure of WebRTC: joining again starts anew. */
  #failed(receiver: WebRtcReceiver | null, error: unknown): void {
    if (receiver !== this.#receiver) return;
    console.info('The picture could not be fetched', error);
    if (error instanceof RoomRefused && REFUSED.has(error.refusal.code)) return this.#giveUp();
    if (this.#room.state === 'in') this.again();
  }

  #giveUp(): void {
    this.#failures = Infinity;
    this.#on.giveUp();
  }

  /** A wish about the picture that the hub does not hear now is told again with the next picture. */
  #tell(told: Promise<void> | undefined): void {
    told?.catch((error: unknown) => console.info('The hub did not hear how the picture is wanted', error));
  }

  close(): void {
    this.stop();
    this.#keeper.close();
    this.#size.close();
  }
}
