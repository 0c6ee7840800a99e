import { isDeepStrictEqual } from 'node:util';
import type { BroadcastEvents, MediaLog } from '../../contract.ts';
import type { Child } from '../../process/child.ts';
import type { CpuBudget } from '../../process/cpu-budget.ts';
import { encoderArguments } from '../../process/ffmpeg-arguments.ts';
import type { Room } from '../../sfu/room.ts';
import { PlainFeed } from '../plain-feed.ts';
import { canHear } from './encoder-rules.ts';
import { EncodingLease } from './encoding-lease.ts';
import {
  AUDIO_TAG,
  flvHeader,
  flvTag,
  readAudioTag,
  readAvcHeader,
  readVideoKbps,
  readVideoTag,
  SCRIPT_TAG,
  VIDEO_TAG,
  type FlvTag,
} from './flv.ts';
import { LateSound } from './late-sound.ts';
import { PictureOrder } from './picture-order.ts';
import type { EncodedPicture } from './reencoding.ts';

export interface EncoderFeedOptions {
  ffmpegPath: string;
  peerId: string;
  log: MediaLog;
  room: () => Room;
  budget: CpuBudget;
  onRefused: (refused: BroadcastEvents['encodingRefused']) => void;
  onClosed: () => void;
}

type Medium = 'video' | 'audio';

/** What its ffmpeg is given and makes of it. */
interface Plan {
  media: Medium[];
  /** Undefined: the picture is copied. */
  anew: EncodedPicture | undefined;
}

/** Encoders announce what they have at once; after so long what has not come is not waited for. */
const OTHER_MEDIUM_WAIT_MS = 1000;
/** What may wait for an ffmpeg to start: several seconds of a large picture. Beyond it a later keyframe begins anew. */
const MOST_WAITING_BYTES = 8 * 1024 * 1024;

/**
 * An encoder's tags into the broadcast: its picture as it is, its sound as Opus. A picture with B-frames is encoded anew
 * where the machine has room, because RTP carries no order of decoding beside that of showing.
 */
export class EncoderFeed {
  readonly peerId: string;
  readonly #options: EncoderFeedOptions;
  #feed: PlainFeed | null = null;
  #plan: Plan | null = null;
  #child: Child | null = null;
  #lateSound: LateSound | null = null;
  /** Feeds begin one after another: two at a time would both be heard. */
  #turn: Promise<void> = Promise.resolve();
  #headers: Partial<Record<Medium, FlvTag>> = {};
  #has = new Set<Medium>();
  readonly #order = new PictureOrder();
  readonly #lease: EncodingLease;
  #kbps: number | undefined;
  /** From the last keyframe on, or all where there is only sound. Null: until a keyframe comes. */
  #waiting: Buffer[] | null = null;
  #waitingBytes = 0;
  #firstAt: number | null = null;
  #closing: Promise<void> | null = null;

  constructor(options: EncoderFeedOptions) {
    this.#options = options;
    this.peerId = options.peerId;
    const { budget, onRefused } = options;
    this.#lease = new EncodingLease({
      ...{ budget, what: `the picture of encoder ${options.peerId}` },
      onRefused: (reason) => onRefused({ producerId: null, what: 'codec', reason }),
    });
  }

  /** Of what runs for it. */
  get pids(): number[] {
    return [this.#feed?.pid, this.#lateSound?.pid].filter((pid) => pid !== undefined);
  }

  /** Its B-frames do not reach viewers. */
  get encodesAnew(): boolean {
    return this.#plan?.anew !== undefined;
  }

  take(tag: FlvTag, now: number): void {
    // The first word counts: some repeat it with what the line bears just now.
    if (tag.type === SCRIPT_TAG) this.#kbps ??= readVideoKbps(tag.data);
    if (this.#closing || (tag.type !== VIDEO_TAG && tag.type !== AUDIO_TAG)) return;
    const medium: Medium = tag.type === VIDEO_TAG ? 'video' : 'audio';
    const read = medium === 'video' ? readVideoTag(tag.data) : readAudioTag(tag.data);
    const passes = medium === 'video' ? read?.codec === 'h264' : read !== undefined && canHear(read.codec);
    if (!read || read.part === 'other' || !passes) return;
    if (read.part === 'header') this.#headers[medium] = tag;
    if (medium === 'audio' && this.#isLate) return this.#passLate(tag, read.part);
    this.#has.add(medium);
    this.#firstAt ??= now;
    if ('compositionMs' in read && read.part === 'picture') this.#order.take(read.compositionMs);
    const opens = 'keyframe' in read ? read.keyframe && read.part === 'picture' : !this.#has.has('video');
    const restarts = medium === 'video' && opens;
    const plan = this.#begins(now, restarts);
    // What it will be given begins here.
    if (plan) this.#child = null;
    this.#pass(flvTag(tag), { opens, restarts, header: read.part === 'header' });
    if (plan) this.#begin(plan);
  }

  /** The room it fed is gone and another has taken its place. */
  roomReplaced(): void {
    this.#child = null;
    this.#feed?.roomReplaced();
    this.#lateSound?.roomReplaced();
  }

  /** Idempotent. */
  async close(): Promise<void> {
    this.#closing ??= this.#stop();
    await this.#closing;
  }

  /** The picture runs, and was begun without a sound. */
  get #isLate(): boolean {
    return this.#lateSound !== null || (this.#feed !== null && this.#plan?.media.includes('audio') === false);
  }

  #passLate(tag: FlvTag, part: 'header' | 'picture' | 'sound'): void {
    const { ffmpegPath, peerId, log, room } = this.#options;
    this.#lateSound ??= new LateSound({ ffmpegPath, peerId, log, room });
    this.#lateSound.take(tag, part === 'header' ? 'header' : 'sound');
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

  /**
   * Starts when all that will come has shown itself, again with more when more comes after all, and at a keyframe when
   * the picture has to be made otherwise.
   */
  #begins(now: number, atKeyframe: boolean): Plan | null {
    const waited = now - (this.#firstAt ?? now) >= OTHER_MEDIUM_WAIT_MS;
    const first = this.#plan === null || this.#feed === null;
    if (first && !this.#waiting && !atKeyframe) return null;
    if (this.#has.size < 2 && !waited) return null;
    if (this.#has.has('video') && !this.#order.decided) return null;
    const more = this.#plan?.media.length !== this.#has.size;
    if (!first && !more && !atKeyframe) return null;
    const plan = { media: [...this.#has], anew: this.#encoded() };
    return !first && isDeepStrictEqual(plan, this.#plan) ? null : plan;
  }

  #encoded(): EncodedPicture | undefined {
    if (!this.#order.reordered || !this.#headers.video) return undefined;
    const header = readAvcHeader(this.#headers.video.data);
    return (header && this.#lease.take({ ...header, kbps: this.#kbps })) ?? undefined;
  }

  #begin(plan: Plan): void {
    const before = this.#feed;
    const feed = this.#open(plan);
    this.#feed = feed;
    this.#turn = this.#turn
      .then(async () => {
        await before?.close();
        if (feed === this.#feed && !this.#closing) await feed.start();
      })
      .catch((error: unknown) => this.#startFailed(feed, error));
  }

  #open(plan: Plan): PlainFeed {
    this.#plan = plan;
    const { media, anew } = plan;
    const { ffmpegPath, peerId, log, room } = this.#options;
    const feed: PlainFeed = new PlainFeed({
      ...{ ffmpegPath, peerId, log, room, media },
      what: "an encoder's relay",
      args: (targets) => encoderArguments(targets, anew),
      onStarted: (child) => {
        if (feed === this.#feed) this.#started(child, media);
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

  #started(child: Child, media: readonly Medium[]): void {
    const has = { video: media.includes('video'), audio: media.includes('audio') };
    const headers = [this.#headers.video, this.#headers.audio].filter((tag) => tag !== undefined);
    child.write(flvHeader(has));
    for (const header of headers) child.write(flvTag(header));
    for (const bytes of this.#waiting ?? []) child.write(bytes);
    // Where nothing waits, its first picture would be one that needs an earlier one: ffmpeg waits for the keyframe.
    this.#waiting = null;
    this.#child = child;
  }

  async #stop(): Promise<void> {
    await Promise.all([this.#feed?.close(), this.#lateSound?.close()]);
    await this.#turn;
    this.#lease.release();
    this.#options.onClosed();
  }
}
