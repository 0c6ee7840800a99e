import { keepWish, readWish, type PlaybackWish } from './choose-playback.ts';
import type { HlsPlayer } from './hls-contract.ts';
import { openHlsPlayer } from './hls-player.ts';
import { SPEEDS, type Playable, type Speed } from './playable.ts';
import { Progress } from './progress.svelte.ts';
import { readRenditions, type Rendition } from './renditions.ts';
import { keepPlace, readPlace } from './replay-places.ts';
import { Sound } from './sound.svelte.ts';
import type { Remembered } from './watchable.ts';

const LOOK_MS = 1_000;

/** An uploaded lesson, played in its page's video element. Nothing of it is live, and no room stands behind it. */
export class Lesson implements Playable {
  readonly mode = 'replay';
  readonly lookingBack = false;
  readonly secondsBehind = undefined;
  readonly progress = new Progress();
  readonly sound = new Sound();
  wish = $state<PlaybackWish>('auto');
  paused = $state(true);
  speed = $state<Speed>(1);
  renditions = $state.raw<readonly Rendition[]>([]);
  /** The reader asked for it to play once. */
  begun = $state(false);
  /** Where it was left, in seconds. */
  leftAt = $state<number | undefined>();
  /** `away`: the hub does not answer and is asked again; `cannot`: this browser plays no HLS. */
  trouble = $state<'away' | 'cannot' | null>(null);
  /** Playing is wanted and waits for data. */
  waits = $state(false);
  readonly #id: string;
  readonly #url: string;
  #video: HTMLVideoElement | null = null;
  #player: HlsPlayer | null = null;
  #looks: ReturnType<typeof setInterval> | undefined;
  /** Rises with every new player: what was begun for an older one is dropped. */
  #run = 0;

  readonly #remembered: Remembered | undefined;

  /** `url`: path of the master playlist. `remembered` goes before what this device remembers. */
  constructor(id: string, url: string, remembered?: Remembered) {
    this.#id = id;
    this.#url = url;
    this.#remembered = remembered;
  }

  open(video: HTMLVideoElement): void {
    this.#video = video;
    this.wish = readWish();
    const { position = 0, speed } = this.#remembered ?? {};
    this.leftAt = this.#remembered ? position || undefined : readPlace(this.#id);
    this.speed = SPEEDS.find((one) => one === speed) ?? 1;
    for (const [name, hear] of Object.entries(this.#heard)) video.addEventListener(name, hear);
    window.addEventListener('pagehide', this.#keepPlace);
    this.#looks = setInterval(() => this.#look(), LOOK_MS);
    void this.#start();
  }

  close(): void {
    this.#keepPlace();
    clearInterval(this.#looks);
    window.removeEventListener('pagehide', this.#keepPlace);
    for (const [name, hear] of Object.entries(this.#heard)) this.#video?.removeEventListener(name, hear);
    this.#run += 1;
    this.#player?.close();
    this.#player = null;
    this.#video = null;
  }

  /** Goes on where it was left, unless `fromStart`. */
  async begin({ fromStart = false } = {}): Promise<void> {
    if (this.leftAt !== undefined && !fromStart) this.#player?.seek(this.leftAt);
    this.begun = true;
    await this.resume();
  }

  pause(): void {
    this.#video?.pause();
    this.#keepPlace();
  }

  async resume(): Promise<void> {
    const video = this.#video;
    if (!video) return;
    this.paused = false;
    video.playbackRate = this.speed;
    await this.sound.play(video);
    this.paused = video.paused;
  }

  seek(seconds: number): void {
    this.#player?.seek(seconds);
    if (this.#video) this.#video.playbackRate = this.speed;
    this.progress.at(seconds);
  }

  /** There is no live edge to go to. */
  toLive(): void {
    this.seek(this.progress.endSeconds);
  }

  setSilent(silent: boolean): void {
    if (this.#video) this.sound.setSilent(silent, this.#video);
  }

  async unmute(): Promise<void> {
    this.sound.silent = false;
    await this.resume();
  }

  setSpeed(speed: Speed): void {
    this.speed = speed;
    if (this.#video) this.#video.playbackRate = speed;
  }

  choose(wish: PlaybackWish): void {
    if (wish === this.wish) return;
    this.wish = wish;
    keepWish(wish);
    void this.#start(this.#video?.currentTime);
  }

  async findRenditions(): Promise<void> {
    this.renditions = await readRenditions(this.#url);
  }

  /** Begins with a new player, at so many seconds; one that was playing plays on. */
  async #start(startAtSeconds?: number): Promise<void> {
    const video = this.#video!;
    const playsOn = this.begun && !this.paused;
    this.#run += 1;
    const run = this.#run;
    this.#player?.close();
    this.#player = null;
    this.trouble = null;
    try {
      const player = await openHlsPlayer(video, {
        ...{ url: this.#url, live: false, wish: this.wish, startAtSeconds },
        onStall: () => (this.waits = true),
        onTrouble: (away) => {
          if (run === this.#run) this.trouble = away ? 'away' : null;
        },
      });
      if (run !== this.#run) return player.close();
      this.#player = player;
    } catch (error) {
      console.info('The lesson cannot be played', error);
      if (run === this.#run) this.trouble = 'cannot';
      return;
    }
    if (playsOn) await this.resume();
  }

  #look(): void {
    const video = this.#video;
    if (!video || !this.#player || video.seeking) return;
    this.progress.read(this.#player.stretches(), video.currentTime);
  }

  readonly #keepPlace = (): void => {
    const video = this.#video;
    if (!video || !this.begun || !Number.isFinite(video.duration)) return;
    keepPlace(this.#id, video.currentTime, video.duration);
  };

  readonly #heard = {
    timeupdate: (): void => {
      this.waits = false;
      if (!this.#video!.seeking) this.progress.at(this.#video!.currentTime);
    },
    waiting: (): void => void (this.waits = !this.#video!.paused),
    playing: (): void => void (this.waits = false),
    play: (): void => void (this.paused = false),
    // Emptied by a change of player it only seems paused.
    pause: (): void => {
      if (this.#video!.readyState > 0) this.paused = true;
    },
    ended: (): void => {
      this.paused = true;
      this.#keepPlace();
    },
  };
}
