import { Child } from '../process/child.ts';
import { lowerArguments } from '../process/ffmpeg-arguments.ts';
import { readBoxes, type Box } from '../recording/boxes.ts';
import { readRuns, readTracks, type TrackInfo } from '../recording/fragment.ts';
import { mergeInits } from '../recording/merge-init.ts';
import { soundInit } from '../recording/sound-only.ts';
import { FragmentReader, type TrackFragment, type TrackInit } from '../tap/fragment-reader.ts';
import { codedAs } from '../tap/epoch.ts';

interface LadderOptions {
  ffmpegPath: string;
  fragmentSeconds: number;
  /** Lines of the smaller picture. */
  height: number;
  /** The source's init segment. */
  init: Buffer;
  /** Called once, when its process is gone. `failed` says why nobody can rely on it any more; null: it was finished. */
  onEnd: (failed: string | null) => void;
}

/** What it makes of an init segment: with the smaller picture and the source's own sound. */
interface LowerInit {
  bytes: Buffer;
  codecs: string;
  width: number;
  height: number;
}

/** An encoder that owes so much of what it was given is too slow. */
const MOST_OWED = 16;
const GRACE_MS = 2000;

/** One run of ffmpeg that makes a source's epoch smaller, part for part, until it is finished, dies or lags behind. */
export class Ladder {
  readonly #options: LadderOptions;
  readonly #child: Child;
  readonly #sourceTracks: TrackInfo[];
  #init: LowerInit | null = null;
  readonly #fragments: TrackFragment[] = [];
  #owed = 0;
  #failure: string | null = null;
  #over = false;
  #wake: (() => void) | null = null;

  constructor(options: LadderOptions) {
    this.#options = options;
    this.#sourceTracks = readTracks(moovOf(options.init));
    const reader = new FragmentReader(
      (init) => this.#takeInit(init),
      (fragment) => {
        this.#fragments.push(fragment);
        this.#wake?.();
      },
    );
    this.#child = new Child({
      command: options.ffmpegPath,
      args: lowerArguments(options),
      graceMs: GRACE_MS,
      onOutput: (chunk) => reader.push(chunk),
    });
    this.#child.write(options.init);
    void this.#child.exited.then(({ wanted, code, signal, lastWords }) => {
      if (!wanted) this.#failure ??= `${signal ?? code ?? 'not started'} ${lastWords}`.trim();
      this.#over = true;
      this.#wake?.();
      options.onEnd(this.#failure);
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** False once it was given up: the rest of the epoch is not made smaller. */
  get usable(): boolean {
    return this.#failure === null;
  }

  /** The next part of the source. */
  write(part: Buffer): void {
    if (!this.usable) return;
    this.#owed += 1;
    if (this.#owed > MOST_OWED) return this.giveUp('it is slower than the pictures come');
    this.#child.write(part.subarray(0, pictureBytes(part)));
  }

  /** Null: it came to an end before. To be asked by one caller at a time. */
  async init(): Promise<LowerInit | null> {
    await this.#until(() => this.#init !== null);
    return this.usable ? this.#init : null;
  }

  /** That part of the source in the smaller size; null when there will be none. To be asked for in order. */
  async take(part: Buffer): Promise<Buffer | null> {
    await this.#until(() => this.#fragments.length > 0);
    const made = this.usable ? this.#fragments.shift() : undefined;
    if (!made) return null;
    this.#owed -= 1;
    const [moof] = readBoxes(part);
    const run = moof && readRuns(moof, this.#sourceTracks)[0];
    const alike =
      run?.baseDecodeTime === made.run.baseDecodeTime &&
      run.sampleCount === made.run.sampleCount &&
      run.startsWithKeyframe === made.run.startsWithKeyframe;
    if (!alike) {
      this.giveUp('its fragments are not those of the source');
      return null;
    }
    return Buffer.concat([made.bytes, part.subarray(pictureBytes(part))]);
  }

  giveUp(why: string): void {
    this.#failure ??= why;
    this.#child.kill();
    this.#wake?.();
  }

  /** Lets it make what it was given, and ends it. Idempotent. */
  async finish(): Promise<void> {
    await this.#child.finish();
  }

  #takeInit({ ftyp, moov }: TrackInit): void {
    const sound = moovOf(soundInit(this.#options.init));
    const bytes = Buffer.concat([ftyp?.bytes ?? Buffer.alloc(0), mergeInits(moov, sound)]);
    this.#init = { bytes, codecs: `${codedAs(moov)},mp4a.40.2`, ...pictureSize(moov) };
    this.#wake?.();
  }

  async #until(reached: () => boolean): Promise<void> {
    while (!reached() && !this.#over && this.usable)
      await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#wake = null;
  }
}

/** A part begins with one fragment of the picture; the sound's follow. */
function pictureBytes(part: Buffer): number {
  const [moof, mdat] = readBoxes(part);
  return (moof?.bytes.length ?? 0) + (mdat?.bytes.length ?? 0);
}

function moovOf(init: Buffer): Box {
  const moov = readBoxes(init).find(({ type }) => type === 'moov');
  if (!moov) throw new RangeError('the init segment has no moov box');
  return moov;
}

/** Width and height of the visual sample entry (ISO 14496-12 12.1.3). */
function pictureSize(moov: Box): { width: number; height: number } {
  const entry = moov.bytes.indexOf('avc1', 0, 'latin1') + 4;
  return { width: moov.bytes.readUInt16BE(entry + 24), height: moov.bytes.readUInt16BE(entry + 26) };
}
