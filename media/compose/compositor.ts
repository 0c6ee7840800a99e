import type { Layout } from '../contract.ts';
import { Endings } from '../process/endings.ts';
import { RAW_FRAME_MS } from '../tap/epoch.ts';
import type { PictureStream, VideoFrame } from '../tap/frames.ts';
import { paint } from './paint.ts';
import { PictureDecoder } from './picture-decoder.ts';
import { placeTiles, type Canvas } from './place-tiles.ts';

export interface CompositorOptions {
  ffmpegPath: string;
  layout: Layout;
  /** Producers in order, the first is the large one. */
  producerIds: string[];
  onFrame: (frame: VideoFrame) => void;
  requestKeyFrame: (producerId: string) => void;
  onDecoderDied: (reason: string) => void;
}

interface Part {
  producerId: string;
  decoder: PictureDecoder | null;
  /** Decoded and not yet due, the oldest first. */
  coming: { atMs: number; picture: Buffer }[];
  shown: Buffer | null;
}

/**
 * A picture is shown so long after it was taken: by then it is decoded, and all of one instant are there. The frame
 * says when it was taken, so that the sound fits.
 */
const DECODING_MS = 120;
/** The canvas is shown without those that are not there by then. */
const PATIENCE_MS = 1500;
const ASK_EVERY_MS = 500;
/** Where the hub itself was held up, nothing is painted for the time that is gone. */
const MOST_BEHIND_MS = 1000;
const MOST_COMING = 10;

/** Several publishers' pictures on one canvas, 25 times a second, whatever each of them does. */
export class Compositor {
  readonly #options: CompositorOptions;
  readonly #parts: Part[];
  readonly #timer: NodeJS.Timeout;
  readonly #openedAt = Date.now();
  /** Of decoders that others have taken the place of. */
  readonly #endings = new Endings();
  #canvas: Canvas | null = null;
  #stream: PictureStream | null = null;
  #painted: Buffer | null = null;
  #nextMs: number | null = null;
  #askedAt = 0;

  constructor(options: CompositorOptions) {
    this.#options = options;
    this.#parts = options.producerIds.map((producerId) => ({
      producerId,
      decoder: null,
      coming: [],
      shown: null,
    }));
    if (this.#parts.length > 1) this.#prepare(placeTiles(options.layout, this.#parts.length));
    this.#timer = setInterval(() => this.#tick(Date.now()), RAW_FRAME_MS);
    this.#tick(this.#openedAt);
  }

  push(frame: VideoFrame, producerId: string): void {
    const part = this.#parts.find((one) => one.producerId === producerId);
    if (!part) return;
    // A picture alone sets the canvas's size itself, and anew when it changes.
    if (this.#parts.length === 1 && frame.picture) {
      const canvas = placeTiles('one', 1, frame.picture.format);
      if (canvas.width !== this.#canvas?.width || canvas.height !== this.#canvas.height)
        this.#prepare(canvas);
    }
    part.decoder?.push(frame);
  }

  /** Paints up to this instant without waiting, so that the next source can follow on. */
  catchUp(untilMs: number): void {
    while (this.#nextMs !== null && this.#nextMs < untilMs) this.#paintNext();
  }

  /** Idempotent. Resolves when no decoder runs. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const { decoder } of this.#parts) if (decoder) this.#endings.add(decoder.close());
    await this.#endings.all();
  }

  #prepare(canvas: Canvas): void {
    const { ffmpegPath, onDecoderDied } = this.#options;
    this.#canvas = canvas;
    const format = { codec: 'raw', width: canvas.width, height: canvas.height };
    this.#stream = { coding: 'raw', format, sets: null };
    this.#painted = null;
    this.#parts.forEach((part, index) => {
      if (part.decoder) this.#endings.add(part.decoder.close());
      part.coming = [];
      part.shown = null;
      part.decoder = new PictureDecoder({
        ...{ ffmpegPath, tile: canvas.tiles[index]! },
        onPicture: (atMs, picture) => {
          part.coming.push({ atMs, picture });
          if (part.coming.length > MOST_COMING) part.coming.shift();
        },
        onDied: onDecoderDied,
      });
    });
  }

  #tick(now: number): void {
    this.#askForKeyframes(now);
    if (this.#nextMs === null) {
      const there = this.#parts.filter(({ shown, coming }) => shown ?? coming[0]).length;
      if (there < this.#parts.length && (there === 0 || now - this.#openedAt < PATIENCE_MS)) return;
      this.#nextMs = now - DECODING_MS;
    }
    if (now - DECODING_MS - this.#nextMs > MOST_BEHIND_MS) {
      this.#nextMs += Math.floor((now - DECODING_MS - this.#nextMs) / RAW_FRAME_MS) * RAW_FRAME_MS;
    }
    while (this.#nextMs <= now - DECODING_MS) this.#paintNext();
  }

  #paintNext(): void {
    const [atMs, canvas, stream] = [this.#nextMs ?? 0, this.#canvas, this.#stream];
    if (!canvas || !stream) return;
    for (const part of this.#parts) {
      while (part.coming[0] && (part.coming[0].atMs <= atMs || !part.shown)) {
        part.shown = part.coming.shift()!.picture;
        this.#painted = null;
      }
    }
    this.#nextMs = atMs + RAW_FRAME_MS;
    const shown = this.#parts.map((part) => part.shown);
    if (shown.every((picture) => picture === null)) return;
    this.#painted ??= paint(canvas, shown);
    this.#options.onFrame({ atMs, keyframe: true, picture: stream, nals: [this.#painted] });
  }

  #askForKeyframes(now: number): void {
    if (now - this.#askedAt < ASK_EVERY_MS) return;
    this.#askedAt = now;
    for (const { producerId, decoder } of this.#parts) {
      if (!decoder || decoder.needsKeyframe) this.#options.requestKeyFrame(producerId);
    }
  }
}
