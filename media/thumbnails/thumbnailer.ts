import { Child } from '../process/child.ts';
import { thumbnailArguments } from '../process/ffmpeg-arguments.ts';

/** A picture takes some 15 ms; the first one, with the start of ffmpeg, below a second. */
const LATEST_MS = 5_000;
const IDLE_MS = 60_000;
const GRACE_MS = 1_000;
/** So many broadcasts may wait for their picture; one more goes without, its next keyframe is soon there. */
const MOST_WAITING = 64;
const NOTHING = Buffer.alloc(0);
const END_OF_IMAGE = Buffer.from([0xff, 0xd9]);

/**
 * Makes JPEGs of keyframes for all broadcasts of a plane, one at a time in one ffmpeg that stays: starting one costs
 * five times what a picture does. A picture that it does not make in time costs that process and nothing else.
 */
export class Thumbnailer {
  readonly #ffmpegPath: string;
  #child: Child | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #output: Buffer[] = [];
  #take: ((jpeg: Buffer | null) => void) | null = null;
  #idle: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(ffmpegPath: string) {
    this.#ffmpegPath = ffmpegPath;
  }

  get running(): number {
    return this.#child ? 1 : 0;
  }

  /** `stream` as `keyframeStream` makes it. Null when no picture could be made of it; rejects where ffmpeg cannot be begun. */
  picture(stream: Buffer): Promise<Buffer | null> {
    if (this.#closed || this.#waiting >= MOST_WAITING) return Promise.resolve(null);
    this.#waiting += 1;
    const made = this.#queue.then(() => this.#make(stream)).finally(() => (this.#waiting -= 1));
    // One that fails is told to whoever asked, and holds up nobody.
    this.#queue = made.catch(() => undefined);
    return made;
  }

  /** Lets its process end; the next picture starts another. */
  rest(): void {
    if (!this.#take) void this.#child?.finish();
  }

  /** Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#deliver(null);
    if (this.#idle) clearTimeout(this.#idle);
    await this.#child?.finish();
  }

  #make(stream: Buffer): Promise<Buffer | null> {
    if (this.#closed) return Promise.resolve(null);
    if (this.#idle) clearTimeout(this.#idle);
    if (this.#child?.finishing) this.#child = null;
    const child = (this.#child ??= this.#start());
    return new Promise<Buffer | null>((resolve) => {
      const late = setTimeout(() => {
        // Whatever it says from now on is of no use.
        this.#child = null;
        child.kill();
        this.#deliver(null);
      }, LATEST_MS);
      this.#output = [];
      this.#take = (jpeg) => {
        clearTimeout(late);
        this.#take = null;
        resolve(jpeg);
      };
      child.write(stream);
    }).finally(() => {
      this.#idle = setTimeout(() => void this.#child?.finish(), IDLE_MS).unref();
    });
  }

  #start(): Child {
    const child = new Child({
      command: this.#ffmpegPath,
      args: thumbnailArguments(),
      graceMs: GRACE_MS,
      onOutput: (chunk) => {
        if (child !== this.#child) return;
        // The marker's two bytes may come in two chunks.
        const end = Buffer.concat([this.#output.at(-1)?.subarray(-1) ?? NOTHING, chunk.subarray(-2)]);
        this.#output.push(chunk);
        if (end.subarray(-2).equals(END_OF_IMAGE)) this.#deliver(Buffer.concat(this.#output));
      },
    });
    void child.exited.then(() => {
      if (child !== this.#child) return;
      this.#child = null;
      this.#deliver(null);
    });
    return child;
  }

  #deliver(jpeg: Buffer | null): void {
    this.#take?.(jpeg);
  }
}
