import { Backoff } from './backoff.ts';
import type { Epoch, EpochInit, Fragment } from './epoch.ts';
import { EpochLine } from './epoch-line.ts';
import { samePicture, type AudioFrame, type ParameterSets, type VideoFrame } from './frames.ts';
import { PlainPicture } from './plain-picture.ts';
import { SoundLine } from './silence.ts';

/** What the picture is made from: `none` while nobody publishes. */
export type PictureMode = 'none' | 'camera' | 'plain';

export interface ProgrammeOptions {
  ffmpegPath: string;
  fragmentSeconds: number;
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

/**
 * What is recorded: pictures and sound from whatever sources, as a row of epochs. A change of the picture's format
 * begins the next epoch with the very keyframe that brought it, so nothing is lost between.
 */
export class Programme {
  readonly #options: ProgrammeOptions;
  readonly #line: EpochLine;
  readonly #plain: PlainPicture;
  readonly #backoff = new Backoff();
  #mode: PictureMode = 'none';
  #expectSound = false;
  #epoch: Epoch | null = null;
  #sound: SoundLine | null = null;
  /** Whether the running epoch shows the plain picture. */
  #showsPlain = false;
  #notBefore = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: ProgrammeOptions) {
    this.#options = options;
    this.#line = new EpochLine(options.onInit, options.onFragment, options.onIdle);
    this.#plain = new PlainPicture(options.plainPictures);
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

  setExpectSound(expected: boolean): void {
    this.#expectSound = expected;
  }

  show(frame: VideoFrame): void {
    if (this.#mode === 'camera') this.#write(frame, false);
  }

  hear(frame: AudioFrame): void {
    this.#sound?.hear(frame);
  }

  /** Ends everything; resolves when the last fragment has been handed over. */
  async stop(): Promise<void> {
    this.setPicture('none');
    await this.#line.finish();
  }

  #tick(now: number): void {
    if (this.#mode === 'plain' || (this.#showsPlain && this.#epoch)) {
      for (const frame of this.#plain.due(now)) this.#write(frame, true);
    }
    this.#sound?.fill(now, this.#expectSound);
    this.#epoch?.endIfHanging(now);
  }

  #write(frame: VideoFrame, plain: boolean): void {
    if (!this.#fits(frame, plain)) {
      if (!frame.picture || Date.now() < this.#notBefore) {
        if (!plain && frame.keyframe === false) this.#options.requestKeyFrame();
        return;
      }
      this.#startEpoch(frame.picture, frame.atMs, plain);
    }
    this.#epoch?.writePicture(frame);
  }

  #fits(frame: VideoFrame, plain: boolean): boolean {
    if (!this.#epoch || this.#showsPlain !== plain) return false;
    return !frame.picture || samePicture(frame.picture, this.#epoch.picture);
  }

  #startEpoch(picture: ParameterSets, startMs: number, plain: boolean): void {
    this.#endEpoch();
    const { ffmpegPath, fragmentSeconds } = this.#options;
    const epoch: Epoch = this.#line.start({
      ffmpegPath,
      fragmentSeconds,
      graceMs: FINISH_GRACE_MS,
      picture,
      startMs,
      onEnd: ({ wanted, reason }) => {
        if (!wanted) this.#died(epoch, reason);
      },
    });
    this.#epoch = epoch;
    this.#showsPlain = plain;
    this.#sound = new SoundLine(startMs, (atMs, opusFrame) => epoch.writeSound(atMs, opusFrame));
    this.#backoff.started(Date.now());
    this.#options.onEpochStarted();
  }

  #endEpoch(): void {
    void this.#epoch?.finish();
    this.#epoch = null;
    this.#sound = null;
  }

  #died(epoch: Epoch, reason: string): void {
    this.#notBefore = this.#backoff.died(Date.now());
    if (this.#epoch === epoch) {
      this.#epoch = null;
      this.#sound = null;
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
