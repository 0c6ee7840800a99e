import { Backoff } from './backoff.ts';
import type { Epoch, EpochInit, Fragment } from './epoch.ts';
import { EpochLine } from './epoch-line.ts';
import { samePicture, type AudioFrame, type PictureStream, type VideoFrame } from './frames.ts';
import { PartTarget } from './part-target.ts';
import { PlainPicture } from './plain-picture.ts';
import { SoundDesk, tracksFor } from './sound-desk.ts';

/** What the picture is made from: `none` while nobody publishes. */
export type PictureMode = 'none' | 'camera' | 'plain';

export interface ProgrammeOptions {
  ffmpegPath: string;
  /** The usual PART-TARGET: a source of few pictures gets a longer one. */
  partSeconds: number;
  segmentSeconds: number;
  plainPictures: Buffer[][];
  onInit: (init: EpochInit) => void;
  onFragment: (fragment: Fragment) => void;
  onEpochStarted: () => void;
  /** No ffmpeg runs any more, and all they wrote has been handed over. */
  onIdle: () => void;
  /** ffmpeg ended though nobody asked. It is started again by itself. */
  onDied: (reason: string) => void;
  requestKeyFrame: () => void;
}

const TICK_MS = 50;
const FINISH_GRACE_MS = 2000;
const PLAIN = 'plain';
/** Uncoded pictures are left out while so much waits for the encoder: it is slower than they come. */
const MOST_BACKLOG_BYTES = 14_000_000;

/**
 * What is recorded: pictures from one source at a time and the mixed sounds, as a row of epochs. A change of the source
 * or of its format begins the next epoch with the very keyframe that brought it, so nothing is lost between.
 */
export class Programme {
  readonly #options: ProgrammeOptions;
  readonly #line: EpochLine;
  readonly #plain: PlainPicture;
  readonly #backoff = new Backoff();
  readonly #partTarget: PartTarget;
  #mode: PictureMode = 'none';
  #sounds: readonly string[] = [];
  #epoch: Epoch | null = null;
  #desk: SoundDesk | null = null;
  /** Where the running epoch's pictures come from. */
  #shows: string | null = null;
  /** Up to where pictures were written. */
  #writtenMs = 0;
  #notBefore = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: ProgrammeOptions) {
    this.#options = options;
    this.#line = new EpochLine(options.onInit, options.onFragment, options.onIdle);
    this.#plain = new PlainPicture(options.plainPictures);
    this.#partTarget = new PartTarget(options.partSeconds);
  }

  get running(): number {
    return this.#line.running;
  }

  get ffmpegPid(): number | undefined {
    return this.#epoch?.pid;
  }

  /** With `camera` the plain picture stays, where it is shown, until the first keyframe. */
  setPicture(mode: PictureMode): void {
    if (mode === this.#mode) return;
    this.#mode = mode;
    if (mode === 'none') this.#endEpoch();
    if (mode === 'plain') this.#plain.restart();
    this.#timer ??= setInterval(() => this.#tick(Date.now()), TICK_MS);
    if (mode === 'none') this.#stopTimer();
  }

  /** Producers that are to be heard, the oldest first. */
  setSounds(sounds: readonly string[]): void {
    this.#sounds = sounds;
    this.#desk?.setSounds(sounds);
    if (this.#desk?.waiting && this.#mode === 'camera') this.#options.requestKeyFrame();
  }

  /** `source` says whose picture it is; another one begins an epoch. */
  show(frame: VideoFrame, source: string): void {
    if (this.#mode === 'camera') this.#write(frame, source);
  }

  hear(frame: AudioFrame, producerId: string): void {
    this.#desk?.hear(frame, producerId);
  }

  /** Ends everything; resolves when the last fragment has been handed over. */
  async stop(): Promise<void> {
    this.setPicture('none');
    await this.#line.finish();
  }

  #tick(now: number): void {
    if (this.#mode === 'plain' || (this.#shows === PLAIN && this.#epoch)) {
      for (const frame of this.#plain.due(now)) this.#write(frame, PLAIN);
    }
    this.#desk?.fill(now);
    this.#epoch?.flushSound();
    this.#epoch?.endIfHanging(now);
  }

  #write(frame: VideoFrame, source: string): void {
    if (!this.#fits(frame, source)) {
      if (!frame.picture || Date.now() < this.#notBefore) {
        if (source !== PLAIN && !frame.keyframe) this.#options.requestKeyFrame();
        return;
      }
      // Another source may be a little behind the one before it; time never goes back.
      this.#startEpoch(frame.picture, Math.max(frame.atMs, this.#writtenMs + 1), source);
    }
    if (this.#epoch?.picture.coding === 'raw' && this.#epoch.backlogBytes > MOST_BACKLOG_BYTES) return;
    this.#epoch?.writePicture(frame);
    // A canvas comes evenly; what is left out of it on a busy machine says nothing of its source.
    if (this.#epoch?.picture.coding !== 'raw') this.#partTarget.see(frame.atMs);
    this.#writtenMs = Math.max(frame.atMs, this.#writtenMs);
  }

  #fits(frame: VideoFrame, source: string): boolean {
    if (!this.#epoch || this.#shows !== source) return false;
    if (frame.picture && (this.#desk?.waiting || this.#partTarget.outgrown)) return false;
    return !frame.picture || samePicture(frame.picture, this.#epoch.picture);
  }

  #startEpoch(picture: PictureStream, startMs: number, source: string): void {
    this.#endEpoch();
    const { ffmpegPath, segmentSeconds } = this.#options;
    const partSeconds = this.#partTarget.choose({ sameSource: source === this.#shows });
    const sounds = tracksFor(this.#sounds.length);
    const epoch: Epoch = this.#line.start({
      ...{ ffmpegPath, partSeconds, segmentSeconds, picture, sounds, startMs },
      graceMs: FINISH_GRACE_MS,
      onEnd: ({ wanted, reason }) => {
        if (!wanted) this.#died(epoch, reason);
      },
    });
    this.#epoch = epoch;
    this.#shows = source;
    this.#desk = new SoundDesk(sounds, startMs, (atMs, track, opus) => epoch.writeSound(atMs, track, opus));
    this.#desk.setSounds(this.#sounds);
    this.#backoff.started(Date.now());
    this.#options.onEpochStarted();
  }

  #endEpoch(): void {
    void this.#epoch?.finish();
    this.#epoch = null;
    this.#desk = null;
  }

  #died(epoch: Epoch, reason: string): void {
    this.#notBefore = this.#backoff.died(Date.now());
    if (this.#epoch === epoch) {
      this.#epoch = null;
      this.#desk = null;
      this.#plain.restart();
    }
    this.#options.onDied(reason);
    if (this.#mode === 'camera') this.#options.requestKeyFrame();
  }

  #stopTimer(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }
}
