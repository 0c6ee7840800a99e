import type { MediaLog } from '../../contract.ts';
import type { Child } from '../../process/child.ts';
import { encoderArguments } from '../../process/ffmpeg-arguments.ts';
import type { Room } from '../../sfu/room.ts';
import { PlainFeed } from '../plain-feed.ts';
import { canHear } from './encoder-rules.ts';
import { AUDIO_TAG, flvHeader, flvTag, readAudioTag, readVideoTag, VIDEO_TAG, type FlvTag } from './flv.ts';

export interface EncoderFeedOptions {
  ffmpegPath: string;
  peerId: string;
  log: MediaLog;
  room: () => Room;
  onClosed: () => void;
}

type Medium = 'video' | 'audio';

/** Encoders announce what they have at once; after so long what has not come is not waited for. */
const OTHER_MEDIUM_WAIT_MS = 1000;
/** What may wait for an ffmpeg to start: several seconds of a large picture. Beyond it a later keyframe begins anew. */
const MOST_WAITING_BYTES = 8 * 1024 * 1024;

/** An encoder's tags into the broadcast: its picture as it is, its sound as Opus. */
export class EncoderFeed {
  readonly peerId: string;
  readonly #options: EncoderFeedOptions;
  #feed: PlainFeed | null = null;
  #feeding: Medium[] = [];
  #child: Child | null = null;
  #headers: Partial<Record<Medium, FlvTag>> = {};
  #has = new Set<Medium>();
  /** From the last keyframe on, or all where there is only sound. Null: until a keyframe comes. */
  #waiting: Buffer[] | null = null;
  #waitingBytes = 0;
  #firstAt: number | null = null;
  #closing: Promise<void> | null = null;

  constructor(options: EncoderFeedOptions) {
    this.#options = options;
    this.peerId = options.peerId;
  }

  get running(): boolean {
    return this.#child !== null;
  }

  /** For tests and the operator's eyes. */
  get pid(): number | undefined {
    return this.#feed?.pid;
  }

  take(tag: FlvTag, now: number): void {
    if (this.#closing || (tag.type !== VIDEO_TAG && tag.type !== AUDIO_TAG)) return;
    const medium: Medium = tag.type === VIDEO_TAG ? 'video' : 'audio';
    const read = medium === 'video' ? readVideoTag(tag.data) : readAudioTag(tag.data);
    const passes = medium === 'video' ? read?.codec === 'h264' : read !== undefined && canHear(read.codec);
    if (!read || read.part === 'other' || !passes) return;
    this.#has.add(medium);
    this.#firstAt ??= now;
    if (read.part === 'header') this.#headers[medium] = tag;
    const opens = 'keyframe' in read ? read.keyframe && read.part === 'picture' : !this.#has.has('video');
    this.#pass(flvTag(tag), { opens, restarts: medium === 'video' && opens, header: read.part === 'header' });
    this.#begin(now);
  }

  /** The room it fed is gone and another has taken its place. */
  roomReplaced(): void {
    this.#child = null;
    this.#feed?.roomReplaced();
  }

  /** Idempotent. */
  async close(): Promise<void> {
    this.#closing ??= this.#stop();
    await this.#closing;
  }

  #pass(bytes: Buffer, tag: { opens: boolean; restarts: boolean; header: boolean }): void {
    if (this.#child && !this.#child.over) return this.#child.write(bytes);
    // Headers are written by themselves when it starts.
    if (tag.header) return;
    if (tag.restarts || (tag.opens && !this.#waiting)) {
      this.#waiting = [];
      this.#waitingBytes = 0;
    }
    this.#waiting?.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > MOST_WAITING_BYTES) this.#waiting = null;
  }

  /** Starts when all that will come has shown itself, and again with more when more comes after all. */
  #begin(now: number): void {
    const waited = now - (this.#firstAt ?? now) >= OTHER_MEDIUM_WAIT_MS;
    if (!this.#waiting && !this.#feed) return;
    if (this.#has.size < 2 && !waited) return;
    if (this.#feed && this.#feeding.length === this.#has.size) return;
    const before = this.#feed;
    const feed = this.#open([...this.#has]);
    this.#feed = feed;
    this.#child = null;
    void (async () => {
      await before?.close();
      if (feed === this.#feed && !this.#closing) await feed.start();
    })().catch((error: unknown) => this.#startFailed(feed, error));
  }

  #open(media: Medium[]): PlainFeed {
    this.#feeding = media;
    const { ffmpegPath, peerId, log, room } = this.#options;
    const feed: PlainFeed = new PlainFeed({
      ...{ ffmpegPath, peerId, log, room, media },
      what: "an encoder's relay",
      args: encoderArguments,
      onStarted: (child) => {
        if (feed === this.#feed) this.#started(child);
      },
      onClosed: () => undefined,
    });
    return feed;
  }

  /** A worker that is being replaced: `roomReplaced` will start it, or the next tag. */
  #startFailed(feed: PlainFeed, error: unknown): void {
    this.#options.log('warn', "an encoder's relay could not be started", { error: String(error) });
    if (feed === this.#feed) this.#feed = null;
  }

  #started(child: Child): void {
    const has = { video: this.#feeding.includes('video'), audio: this.#feeding.includes('audio') };
    const headers = [this.#headers.video, this.#headers.audio].filter((tag) => tag !== undefined);
    child.write(flvHeader(has));
    for (const header of headers) child.write(flvTag(header));
    for (const bytes of this.#waiting ?? []) child.write(bytes);
    // Where nothing waits, its first picture would be one that needs an earlier one: ffmpeg waits for the keyframe.
    this.#waiting = null;
    this.#child = child;
  }

  async #stop(): Promise<void> {
    await this.#feed?.close();
    this.#options.onClosed();
  }
}
