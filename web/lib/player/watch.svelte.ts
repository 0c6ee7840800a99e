import type { BroadcastView, Joined, StateNews } from '../../../server/broadcasts/messages.ts';
import { Room, type MediaSide } from '#lib/live/room.svelte.ts';
import { StagePictures } from '#lib/live/stage-pictures.svelte.ts';
import {
  choosePlayback,
  keepWish,
  readWish,
  type PlaybackMode,
  type PlaybackWish,
} from './choose-playback.ts';
import { Flow } from './flow.svelte.ts';
import type { HlsOptions, HlsPlayer } from './hls-contract.ts';
import { openHlsPlayer } from './hls-player.ts';
import { keepLastPicture } from './last-picture.ts';
import { OwnLine } from './own-line.svelte.ts';
import { PageState } from './page-state.svelte.ts';
import type { Playable, Speed } from './playable.ts';
import { PresenceReporter } from './presence-reporter.ts';
import { Progress } from './progress.svelte.ts';
import { readRenditions, type Rendition } from './renditions.ts';
import { keepPlace, readPlace } from './replay-places.ts';
import { Sound } from './sound.svelte.ts';
import { veilOf, type Veil } from './stage-state.ts';
import { hasWebRtc, WebRtcSide, wishToReceive } from './webrtc-side.ts';

const LOOK_MS = 1_000;
/** A live picture that stands still for so long is fetched anew. */
const STILL_MS = 7_000;
/** After a shorter pause live goes on where it is now; after a longer one, where the reader was. */
const SHORT_PAUSE_MS = 3_000;

/** One viewer's page: the room, and the broadcast played in its video element by whatever way works. */
export class Watch implements MediaSide, Playable {
  readonly room: Room;
  readonly pictures: StagePictures;
  readonly progress = new Progress();
  readonly flow = new Flow();
  readonly sound = new Sound();
  readonly line = new OwnLine();
  mode = $state<PlaybackMode>('waiting');
  wish = $state<PlaybackWish>('auto');
  /** The reader paused. */
  paused = $state(false);
  secondsBehind = $state<number | undefined>();
  /** The reader looks at something that was before, while the broadcast is live. */
  lookingBack = $state(false);
  replayBegun = $state(false);
  /** Where this device left the replay, in seconds. */
  leftAt = $state<number | undefined>();
  speed = $state<Speed>(1);
  renditions = $state.raw<readonly Rendition[]>([]);
  /** HLS is asked for and does not come. */
  #hlsAway = $state(false);
  #page = $state.raw<PageState | null>(null);
  #video: HTMLVideoElement | null = null;
  #lastPicture: HTMLCanvasElement | null = null;
  #webRtc: WebRtcSide | null = null;
  #hls: HlsPlayer | null = null;
  #presence: PresenceReporter | null = null;
  /** Rises with every new way of playing: what was begun for an older one is dropped. */
  #run = 0;
  #looks: ReturnType<typeof setInterval> | undefined;
  #pausedAt = 0;
  /** Where the next player of HLS begins. */
  #begin: Pick<HlsOptions, 'startAtMs' | 'startAtSeconds'> = {};

  readonly veil: Veil = $derived.by(() =>
    veilOf({
      mode: this.mode,
      state: this.room.broadcast.state,
      online: this.#page?.online ?? true,
      hubAway: this.#hlsAway || (this.room.state === 'reconnecting' && this.mode !== 'replay'),
      flowing: this.flow.flowing,
      late: this.flow.seen && !this.flow.asked,
      rests: this.paused || this.sound.refused || (this.mode === 'replay' && !this.replayBegun),
    }),
  );

  constructor(broadcast: BroadcastView) {
    this.room = new Room(broadcast, this);
    this.pictures = new StagePictures(this.room);
    this.mode = broadcast.state === 'replay' ? 'replay' : 'waiting';
  }

  /** The room is joined while the page is still being drawn. */
  enter(): void {
    this.wish = readWish();
    this.room.open();
  }

  /** `lastPicture` is shown, dimmed, while there is no picture. */
  open(video: HTMLVideoElement, lastPicture: HTMLCanvasElement): void {
    [this.#video, this.#lastPicture] = [video, lastPicture];
    this.leftAt = readPlace(this.room.broadcast.id);
    this.#looks = setInterval(() => void this.#look(), LOOK_MS);
    for (const [name, hear] of Object.entries(this.#heard)) video.addEventListener(name, hear);
    this.#webRtc = new WebRtcSide(this.room, video, this.pictures, {
      // Not awaited: play() resolves with the first picture, which may need the next producer.
      picture: () => void this.#play(),
      giveUp: () => this.#start(),
    });
    this.#page = new PageState((hidden) => {
      if (hidden) this.#keepPlace();
      this.#webRtc?.rest(hidden);
    });
    if (this.mode === 'replay') this.#start();
    if (this.room.joined) this.onJoined(this.room.joined);
  }

  close(): void {
    this.#keepPlace();
    clearInterval(this.#looks);
    for (const [name, hear] of Object.entries(this.#heard)) this.#video?.removeEventListener(name, hear);
    this.#stop();
    this.#page?.close();
    this.#webRtc?.close();
    this.#presence?.close();
    this.room.close();
  }

  choose(wish: PlaybackWish): void {
    if (wish === this.wish) return;
    this.flow.ask();
    this.#keepMoment();
    this.wish = wish;
    this.#webRtc?.forgive();
    keepWish(wish);
    if (this.#modeNow() !== this.mode || this.#hls) this.#start({ again: this.replayBegun });
  }

  /** What there is to choose from is asked for when someone wants to choose. */
  async findRenditions(): Promise<void> {
    if (this.mode === 'waiting') return;
    this.renditions = await readRenditions(this.room.broadcast.addresses.hls);
  }

  /** The reader touched the page: now sound is allowed. */
  async unmute(): Promise<void> {
    this.sound.silent = false;
    this.paused = false;
    await this.#play();
  }

  setSilent(silent: boolean): void {
    if (this.#video) this.sound.setSilent(silent, this.#video);
  }

  pause(): void {
    this.paused = true;
    this.#pausedAt = Date.now();
    if (this.#hls) this.#leaveEdge();
    this.#video?.pause();
    this.#keepPlace();
  }

  async resume(): Promise<void> {
    if (this.mode === 'replay' && !this.replayBegun) return this.beginReplay();
    const pausedForMs = Date.now() - this.#pausedAt;
    this.paused = false;
    if (this.mode === 'webrtc' && pausedForMs > SHORT_PAUSE_MS)
      return this.#lookBack(this.#hubNow() - pausedForMs);
    await this.#play();
  }

  /** `seconds` on the clock of {@link progress}. */
  seek(seconds: number): void {
    if (this.mode === 'webrtc') {
      const atMs = this.progress.wallClockAt(seconds);
      if (atMs !== undefined && seconds < this.progress.endSeconds - 1) this.#lookBack(atMs);
      return;
    }
    if (!this.#hls) return;
    if (this.mode === 'hls' && seconds > this.progress.endSeconds - 1) return this.toLive();
    if (this.mode === 'hls') this.#leaveEdge();
    this.flow.ask();
    this.#hls.seek(seconds);
    this.progress.at(seconds);
  }

  toLive(): void {
    this.lookingBack = false;
    this.paused = false;
    this.flow.ask();
    this.setSpeed(1);
    if (this.#modeNow() !== this.mode) return this.#start();
    this.#hls?.follow(true);
    void this.#play();
  }

  setSpeed(speed: Speed): void {
    this.speed = speed;
    if (this.#video && (this.mode === 'replay' || this.lookingBack)) this.#video.playbackRate = speed;
  }

  wantsToReceive(): ReturnType<typeof wishToReceive> {
    return this.#modeNow() === 'webrtc' ? wishToReceive() : undefined;
  }

  onJoined(joined: Joined): void {
    if (!this.#video) return;
    this.#watchPresence(joined);
    if (this.mode === 'webrtc' && joined.resumed && this.#webRtc?.goOn()) return;
    // HLS needs no room: what plays goes on.
    if (this.mode === 'hls' && this.#modeNow() === 'hls') return;
    if (this.mode === 'replay' && joined.broadcast.state === 'replay') return;
    this.#toNewState();
  }

  onState(news: StateNews): void {
    if (news.state === 'interrupted') return;
    if (this.#modeNow() === this.mode) return;
    // The capabilities come with a joining that finds the room's media open.
    if (news.state === 'live' && !this.room.joined?.rtpCapabilities) this.room.joinAfresh();
    else this.#toNewState();
  }

  /** Who looks at what was before goes on with it when the broadcast ends meanwhile. */
  #toNewState(): void {
    // Between the end and the replay HLS still has everything.
    if (this.lookingBack && this.mode === 'hls' && this.room.broadcast.state === 'ended') return;
    const goesOn = this.lookingBack && this.room.broadcast.state === 'replay';
    if (goesOn) this.#keepMoment();
    this.lookingBack = false;
    this.#start({ again: goesOn });
  }

  onProducerAdded({ producerId }: { producerId: string }): void {
    if (this.mode === 'webrtc') void this.#webRtc?.add(producerId);
    else if (!this.room.joined?.rtpCapabilities && this.mode === 'waiting') this.room.joinAfresh();
  }

  onProducerClosed = ({ producerId }: { producerId: string }): void => this.#webRtc?.remove(producerId);
  onConsumerClosed = this.onProducerClosed;

  onTransportLost(): void {
    this.#webRtc?.renew();
  }

  #modeNow(): PlaybackMode {
    return choosePlayback({
      ...{ state: this.room.broadcast.state, wish: this.wish },
      ...{ canWebRtc: this.#webRtc?.works ?? hasWebRtc(), lookingBack: this.lookingBack },
    });
  }

  #hubNow(): number {
    return Date.now() + this.room.clockAheadMs;
  }

  #lookBack(atMs: number): void {
    this.lookingBack = true;
    this.paused = false;
    this.flow.ask();
    this.#begin = { startAtMs: atMs };
    this.#start();
  }

  /** HLS that is live is no longer brought back to the edge. */
  #leaveEdge(): void {
    if (this.mode !== 'hls') return;
    this.lookingBack = true;
    this.#hls?.follow(false);
  }

  /** The next player goes on where this one is. */
  #keepMoment(): void {
    if (!this.lookingBack && this.mode !== 'replay') return;
    this.#begin = { startAtMs: this.progress.atMs, startAtSeconds: this.#video?.currentTime };
  }

  /** Begins to play in the way that is right now; `again`: a replay that was playing plays on. */
  #start({ again = false } = {}): void {
    this.#stop();
    const run = this.#run;
    this.mode = this.#modeNow();
    this.replayBegun = again;
    if (this.mode === 'webrtc') void this.#webRtc?.start();
    else if (this.mode !== 'waiting')
      this.#startHls(run).catch((error: unknown) => console.info('The picture could not be fetched', error));
  }

  #stop(): void {
    this.#run += 1;
    if (this.#video && this.#lastPicture) keepLastPicture(this.#video, this.#lastPicture);
    this.line.offer.forget();
    this.#hlsAway = false;
    this.#webRtc?.stop();
    this.#hls?.close();
    this.#hls = null;
    if (this.#video) this.#video.srcObject = null;
    this.flow.restart();
    this.secondsBehind = undefined;
  }

  async #startHls(run: number): Promise<void> {
    const video = this.#video!;
    const live = this.mode === 'hls';
    const player = await openHlsPlayer(video, {
      ...{ url: this.room.broadcast.addresses.hls, live, wish: this.wish },
      ...this.#begin,
      onStall: () => this.line.stalled(),
      onTrouble: (trouble) => {
        if (run === this.#run) this.#hlsAway = trouble;
      },
    });
    if (run !== this.#run) return player.close();
    this.#hls = player;
    this.#begin = {};
    // A choice made while paused is no wish to go on.
    if ((live || this.replayBegun) && !this.paused) await this.#play();
  }

  async #play(): Promise<void> {
    if (this.paused) return;
    const video = this.#video!;
    if (this.mode === 'replay' || this.lookingBack) video.playbackRate = this.speed;
    await this.sound.play(video);
  }

  /** Goes on where this device left the replay, unless `fromStart`. */
  async beginReplay({ fromStart = false } = {}): Promise<void> {
    if (this.leftAt !== undefined && !fromStart) this.#hls?.seek(this.leftAt);
    this.replayBegun = true;
    this.paused = false;
    await this.#play();
  }

  #keepPlace(): void {
    if (this.mode !== 'replay' || !this.replayBegun || !this.#video) return;
    const { currentTime, duration } = this.#video;
    if (Number.isFinite(duration)) keepPlace(this.room.broadcast.id, currentTime, duration);
  }

  #watchPresence({ presencePingSeconds: seconds }: Joined): void {
    this.#presence?.close();
    this.#presence = null;
    if (seconds === null || !this.#video) return;
    this.#presence = new PresenceReporter(this.#video, seconds, (playing) => {
      if (this.room.broadcast.state === 'live' && this.mode !== 'replay')
        void this.room.reportPresence(playing);
    });
  }

  readonly #heard = {
    loadeddata: (): void => {
      if (this.mode !== 'webrtc' && this.mode !== 'hls') return;
      this.flow.began();
    },
    timeupdate: (): void => {
      if (this.#hls && !this.#video!.seeking) this.progress.at(this.#video!.currentTime);
    },
    ended: (): void => {
      this.paused = true;
      this.#keepPlace();
    },
    // Headphones' buttons and the system's own controls pause and play too.
    pause: (): void => {
      if (this.#video!.ended || !this.flow.flowing || document.visibilityState === 'hidden') return;
      if (!this.paused && (this.mode !== 'replay' || this.replayBegun)) this.pause();
    },
    play: (): boolean => (this.paused = false),
  };

  async #look(): Promise<void> {
    const video = this.#video;
    if (!video || this.mode === 'waiting') return;
    this.flow.look(video);
    if (this.#webRtc?.open) await this.#readWebRtc(this.#webRtc);
    else if (this.#hls) this.#readHls(this.#hls, video);
    const goesOn = this.room.broadcast.state === 'live' && this.room.state === 'in';
    this.line.look(this.mode !== 'replay' && (!goesOn || this.#hlsAway || this.room.hostLineWeak));
    if (this.mode !== 'replay' && goesOn && !video.paused && this.flow.stillForMs > STILL_MS)
      this.#fetchAnew();
  }

  #readHls(player: HlsPlayer, video: HTMLVideoElement): void {
    this.secondsBehind = player.secondsBehind();
    if (!video.seeking) this.progress.read(player.stretches(), video.currentTime);
    this.line.hearHls(player.line(), this.wish !== 'sound' && player.follows);
  }

  async #readWebRtc(side: WebRtcSide): Promise<void> {
    const health = await side.health();
    if (!health) return;
    const { liveAt } = this.room.broadcast;
    const nowMs = this.#hubNow();
    if (liveAt && !this.paused) this.progress.readLive((nowMs - Date.parse(liveAt)) / 1000, nowMs);
    this.secondsBehind = health.secondsBehind;
    this.line.hearWebRtc(health);
    if (this.flow.flowing) side.forgive();
  }

  #fetchAnew(): void {
    this.flow.excuse();
    if (this.mode === 'webrtc') return this.#webRtc?.again();
    this.#keepMoment();
    this.#start();
  }
}
