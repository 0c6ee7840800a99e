import type { types } from 'mediasoup-client';
import type { BroadcastView, Joined, StateNews } from '../../../server/broadcasts/messages.ts';
import { Room, type MediaSide } from '#lib/live/room.svelte.ts';
import { StagePictures } from '#lib/live/stage-pictures.svelte.ts';
import { RoomRefused } from '#lib/live/room-socket.ts';
import {
  choosePlayback,
  keepWish,
  readWish,
  type PlaybackMode,
  type PlaybackWish,
} from './choose-playback.ts';
import { openHlsPlayer, type HlsPlayer } from './hls-player.ts';
import { openMediaDevice } from './media-device.ts';
import { playAloud } from './play-aloud.ts';
import { PresenceReporter } from './presence-reporter.ts';
import { WebRtcReceiver } from './webrtc-receiver.ts';

const LOOK_MS = 1_000;
/** A live picture that stands still for so long is fetched anew. */
const STILL_MS = 7_000;
/** The browser cannot, or no worker has a place left: HLS can and has. */
const WEBRTC_REFUSED = new Set(['media.unsupported', 'media.full']);
const WEAK_FOR_MS = 8_000;
const WEAK_LOSS_SHARE = 0.05;

/** One viewer's page: the room, and the broadcast played in its video element by whatever way works. */
export class Watch implements MediaSide {
  readonly room: Room;
  readonly pictures: StagePictures;
  mode = $state<PlaybackMode>('waiting');
  wish = $state<PlaybackWish>('auto');
  /** The browser plays without sound until it is touched. */
  muted = $state(false);
  /** The reader turned the sound off. */
  silent = $state(false);
  /** The browser plays nothing until it is touched. */
  refused = $state(false);
  /** Pictures are really coming. */
  flowing = $state(false);
  weak = $state(false);
  secondsBehind = $state<number | undefined>();
  replayBegun = $state(false);
  #video: HTMLVideoElement | null = null;
  #device: types.Device | undefined;
  #receiver: WebRtcReceiver | null = null;
  #hls: HlsPlayer | null = null;
  #presence: PresenceReporter | null = null;
  #webRtcFailures = 0;
  /** Rises with every new way of playing: what was begun for an older one is dropped. */
  #run = 0;
  #looks: ReturnType<typeof setInterval> | undefined;
  #lastTime = 0;
  #movedAt = 0;
  #weakUntil = 0;

  constructor(broadcast: BroadcastView) {
    this.room = new Room(broadcast, this);
    this.pictures = new StagePictures(this.room);
    this.mode = broadcast.state === 'replay' ? 'replay' : 'waiting';
  }

  open(video: HTMLVideoElement): void {
    this.#video = video;
    this.wish = readWish();
    this.#looks = setInterval(() => void this.#look(), LOOK_MS);
    video.addEventListener('loadeddata', this.#onPicture);
    this.room.open();
    if (this.mode === 'replay') this.#start();
  }

  close(): void {
    clearInterval(this.#looks);
    this.#video?.removeEventListener('loadeddata', this.#onPicture);
    this.#stop();
    this.#presence?.close();
    this.room.close();
  }

  choose(wish: PlaybackWish): void {
    if (wish === this.wish) return;
    this.wish = wish;
    this.#webRtcFailures = 0;
    keepWish(wish);
    if (this.#modeNow() !== this.mode) this.#start();
    else if (this.mode === 'hls') this.#start();
  }

  /** The reader touched the page: now sound is allowed. */
  async unmute(): Promise<void> {
    this.silent = false;
    await this.#play();
  }

  setSilent(silent: boolean): void {
    this.silent = silent;
    if (this.#video) this.#video.muted = silent;
  }

  onJoined(joined: Joined): void {
    this.#watchPresence(joined);
    const mediaStands = joined.resumed && this.#receiver?.connected === true;
    if (this.mode === 'webrtc' && mediaStands) return this.#matchProducers();
    // HLS needs no room: what plays goes on.
    if (this.mode === 'hls' && this.#modeNow() === 'hls') return;
    if (this.mode === 'replay' && joined.broadcast.state === 'replay') return;
    this.#start();
  }

  onState(news: StateNews): void {
    if (news.state === 'interrupted') return;
    if (this.#modeNow() === this.mode) return;
    // The capabilities come with a joining that finds the room's media open.
    if (news.state === 'live' && !this.room.joined?.rtpCapabilities) this.room.joinAfresh();
    else this.#start();
  }

  onProducerAdded({ producerId }: { producerId: string }): void {
    if (this.mode === 'webrtc') void this.#receive(producerId);
    else if (!this.room.joined?.rtpCapabilities && this.mode === 'waiting') this.room.joinAfresh();
  }

  onProducerClosed({ producerId }: { producerId: string }): void {
    this.#receiver?.remove(producerId);
  }

  onConsumerClosed({ producerId }: { producerId: string }): void {
    this.#receiver?.remove(producerId);
  }

  onTransportLost(): void {
    void this.#receiver?.restartIce();
  }

  #modeNow(): PlaybackMode {
    const canWebRtc = typeof RTCPeerConnection !== 'undefined' && this.#device?.loaded !== false;
    const { state } = this.room.broadcast;
    return choosePlayback({ state, wish: this.wish, canWebRtc, webRtcFailures: this.#webRtcFailures });
  }

  /** Begins to play in the way that is right now. */
  #start(): void {
    this.#stop();
    const run = this.#run;
    this.mode = this.#modeNow();
    this.#movedAt = Date.now();
    const begin = {
      waiting: undefined,
      webrtc: this.#startWebRtc,
      hls: this.#startHls,
      replay: this.#startHls,
    };
    begin[this.mode]?.call(this, run).catch((error: unknown) => {
      if (run === this.#run) this.#failed(error);
    });
  }

  #stop(): void {
    this.#run += 1;
    this.pictures.attach(null);
    this.#receiver?.close();
    this.#receiver = null;
    this.#hls?.close();
    this.#hls = null;
    if (this.#video) this.#video.srcObject = null;
    this.flowing = false;
    this.secondsBehind = undefined;
  }

  async #startWebRtc(run: number): Promise<void> {
    const { joined } = this.room;
    if (!joined?.rtpCapabilities) return;
    const device = await openMediaDevice(joined.rtpCapabilities as types.RtpCapabilities);
    if (run !== this.#run) return;
    if (!device) return this.#giveUpWebRtc();
    this.#device = device;
    const say = this.room.say.bind(this.room);
    const receiver = await WebRtcReceiver.open(device, say, () =>
      this.#failed(new Error('the line is lost')),
    );
    if (run !== this.#run) return receiver.close();
    this.#receiver = receiver;
    this.pictures.attach(receiver);
    this.#video!.srcObject = receiver.stream;
    for (const producerId of this.room.producerIds) void this.#receive(producerId);
  }

  async #receive(producerId: string): Promise<void> {
    const receiver = this.#receiver;
    if (!receiver) return;
    try {
      await receiver.add(producerId);
      // Not awaited: play() resolves with the first picture, which may need the next producer.
      if (receiver === this.#receiver) void this.#play();
    } catch (error) {
      if (receiver === this.#receiver) this.#failed(error);
    }
  }

  /** The room was left and entered again, and the media went on: what changed meanwhile is made good. */
  #matchProducers(): void {
    const wanted = this.room.producerIds;
    for (const id of this.#receiver?.producerIds ?? []) if (!wanted.includes(id)) this.#receiver?.remove(id);
    for (const id of wanted) void this.#receive(id);
  }

  /** Counts a failure of WebRTC; after some the next way is taken. A lost room is no failure: joining again starts anew. */
  #failed(error: unknown): void {
    console.info('The picture could not be fetched', error);
    if (this.mode !== 'webrtc') return;
    if (error instanceof RoomRefused && WEBRTC_REFUSED.has(error.refusal.code)) return this.#giveUpWebRtc();
    if (this.room.state !== 'in') return;
    this.#webRtcFailures += 1;
    this.room.joinAfresh();
  }

  #giveUpWebRtc(): void {
    this.#webRtcFailures = Infinity;
    this.#start();
  }

  async #startHls(run: number): Promise<void> {
    const video = this.#video!;
    const live = this.mode === 'hls';
    const { hls: url } = this.room.broadcast.addresses;
    const onStall = () => (this.#weakUntil = Date.now() + WEAK_FOR_MS);
    const player = await openHlsPlayer(video, url, { live, wish: this.wish, onStall });
    if (run !== this.#run) return player.close();
    this.#hls = player;
    this.replayBegun = false;
    if (live) await this.#play();
  }

  async #play(): Promise<void> {
    const outcome = await playAloud(this.#video!, !this.silent);
    this.refused = outcome === 'refused';
    this.muted = outcome === 'muted' && !this.silent;
  }

  async beginReplay(): Promise<void> {
    this.replayBegun = true;
    await this.#play();
  }

  #watchPresence(joined: Joined): void {
    this.#presence?.close();
    this.#presence = null;
    const seconds = joined.presencePingSeconds;
    if (seconds === null || !this.#video) return;
    this.#presence = new PresenceReporter(this.#video, seconds, (playing) => {
      if (this.room.broadcast.state === 'live' && this.mode !== 'replay')
        void this.room.reportPresence(playing);
    });
  }

  /** The first picture is shown at once: the next look may be a second away. */
  #onPicture = (): void => {
    if (this.mode !== 'webrtc' && this.mode !== 'hls') return;
    this.#movedAt = Date.now();
    this.flowing = true;
  };

  async #look(): Promise<void> {
    const video = this.#video;
    if (!video || (this.mode !== 'webrtc' && this.mode !== 'hls')) return;
    const now = Date.now();
    if (video.currentTime !== this.#lastTime) this.#movedAt = now;
    this.#lastTime = video.currentTime;
    this.flowing = now - this.#movedAt < 2.5 * LOOK_MS && video.currentTime > 0;
    if (this.#receiver) await this.#readReceiver(this.#receiver);
    else this.secondsBehind = this.#hls?.secondsBehind();
    this.weak = now < this.#weakUntil;
    const shouldMove = this.room.broadcast.state === 'live' && this.room.state === 'in' && !video.paused;
    if (shouldMove && now - this.#movedAt > STILL_MS) this.#fetchAnew();
  }

  async #readReceiver(receiver: WebRtcReceiver): Promise<void> {
    const { secondsBehind, lossShare } = await receiver.health();
    if (receiver !== this.#receiver) return;
    this.secondsBehind = secondsBehind;
    if (lossShare > WEAK_LOSS_SHARE) this.#weakUntil = Date.now() + WEAK_FOR_MS;
    if (this.flowing) this.#webRtcFailures = 0;
  }

  #fetchAnew(): void {
    this.#movedAt = Date.now();
    if (this.mode === 'hls') return this.#start();
    this.#webRtcFailures += 1;
    this.room.joinAfresh();
  }
}
