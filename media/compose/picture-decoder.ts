import { Child } from '../process/child.ts';
import { Endings } from '../process/endings.ts';
import { decodeArguments } from '../process/ffmpeg-arguments.ts';
import { samePicture, type PictureStream, type VideoFrame } from '../tap/frames.ts';
import { matroskaHeader, videoCluster } from '../tap/matroska.ts';
import { pictureBytes } from './paint.ts';
import type { Tile } from './place-tiles.ts';

export interface DecoderOptions {
  ffmpegPath: string;
  tile: Tile;
  onPicture: (atMs: number, picture: Buffer) => void;
  /** It ended though nobody asked. Another one begins with the next keyframe. */
  onDied: (reason: string) => void;
}

const FINISH_GRACE_MS = 1000;
/** A decoder that owes more has swallowed some without giving a picture for them. */
const MOST_OWED = 15;

/** From one publisher's coded pictures to raw ones of a tile's size, by an ffmpeg of its own. */
export class PictureDecoder {
  readonly #options: DecoderOptions;
  readonly #endings = new Endings();
  #child: Child | null = null;
  #stream: PictureStream | null = null;
  #startMs = 0;
  #lastMs = -1;
  /** Times of the pictures that went in and have not come out. */
  #times: number[] = [];
  #picture: Buffer;
  #filled = 0;

  constructor(options: DecoderOptions) {
    this.#options = options;
    this.#picture = Buffer.allocUnsafe(pictureBytes(options.tile));
  }

  /** True until a keyframe has come. */
  get needsKeyframe(): boolean {
    return this.#child === null;
  }

  push(frame: VideoFrame): void {
    const { picture } = frame;
    if (picture && !(this.#child && this.#stream && samePicture(picture, this.#stream))) {
      this.#start(picture, frame.atMs);
    }
    if (!this.#child || !this.#stream) return;
    const atMs = Math.max(frame.atMs - this.#startMs, this.#lastMs + 1);
    this.#lastMs = atMs;
    if (isShown(frame, this.#stream)) this.#times.push(frame.atMs);
    if (this.#times.length > MOST_OWED) this.#times.shift();
    this.#child.write(...videoCluster(atMs, frame.keyframe, this.#stream, frame.nals));
  }

  /** Resolves when none of its processes runs, those that were replaced included. */
  async close(): Promise<void> {
    this.#endChild();
    await this.#endings.all();
  }

  #endChild(): void {
    if (this.#child) this.#endings.add(this.#child.finish());
    this.#child = null;
  }

  #start(stream: PictureStream, startMs: number): void {
    this.#endChild();
    this.#stream = stream;
    this.#startMs = startMs;
    this.#lastMs = -1;
    this.#times = [];
    this.#filled = 0;
    const child: Child = new Child({
      command: this.#options.ffmpegPath,
      args: decodeArguments(this.#options.tile),
      graceMs: FINISH_GRACE_MS,
      onOutput: (chunk) => this.#child === child && this.#take(chunk),
    });
    this.#child = child;
    child.write(matroskaHeader({ picture: stream, sounds: 0 }));
    void child.exited.then(({ wanted, code, signal, lastWords }) => {
      if (wanted || this.#child !== child) return;
      this.#child = null;
      this.#options.onDied(`${signal ?? code ?? 'not started'} ${lastWords}`.trim());
    });
  }

  #take(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;) {
      const taken = chunk.copy(this.#picture, this.#filled, at);
      at += taken;
      this.#filled += taken;
      if (this.#filled < this.#picture.length) continue;
      const picture = this.#picture;
      this.#picture = Buffer.allocUnsafe(picture.length);
      this.#filled = 0;
      this.#options.onPicture(this.#times.shift() ?? this.#startMs + this.#lastMs, picture);
    }
  }
}

/** VP8 has frames that are kept for reference only (RFC 6386 9.1, show_frame). */
function isShown({ nals }: VideoFrame, { coding }: PictureStream): boolean {
  return coding !== 'vp8' || ((nals[0]?.[0] ?? 0) & 0x10) !== 0;
}
