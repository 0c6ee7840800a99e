import type { MediaLog } from '../../contract.ts';
import type { Child } from '../../process/child.ts';
import { encoderArguments } from '../../process/ffmpeg-arguments.ts';
import type { Room } from '../../sfu/room.ts';
import { PlainFeed } from '../plain-feed.ts';
import { flvHeader, flvTag, type FlvTag } from './flv.ts';

export interface LateSoundOptions {
  ffmpegPath: string;
  peerId: string;
  log: MediaLog;
  room: () => Room;
}

/** Tags that wait for its ffmpeg to start: about a second of sound. */
const MOST_WAITING = 50;

/** Sound that an encoder sends only after its picture: an ffmpeg of its own, so that the picture need not begin anew. */
export class LateSound {
  readonly #feed: PlainFeed;
  #child: Child | null = null;
  /** What says how the sound is coded. */
  #header: FlvTag | undefined;
  #waiting: FlvTag[] = [];

  constructor({ ffmpegPath, peerId, log, room }: LateSoundOptions) {
    this.#feed = new PlainFeed({
      ...{ ffmpegPath, peerId, log, room, media: ['audio'] },
      what: "an encoder's late sound",
      args: ({ audio }) => encoderArguments({ audio }),
      onStarted: (child) => this.#started(child),
      onClosed: () => undefined,
    });
    this.#feed.begin();
  }

  get pid(): number | undefined {
    return this.#feed.pid;
  }

  take(tag: FlvTag, part: 'header' | 'sound'): void {
    if (part === 'header') this.#header = tag;
    if (this.#child && !this.#child.over) this.#child.write(flvTag(tag));
    else if (part === 'sound') this.#waiting = [...this.#waiting, tag].slice(-MOST_WAITING);
  }

  roomReplaced(): void {
    this.#child = null;
    this.#feed.roomReplaced();
  }

  /** Idempotent. */
  async close(): Promise<void> {
    await this.#feed.close();
  }

  #started(child: Child): void {
    child.write(flvHeader({ video: false, audio: true }));
    for (const tag of [...(this.#header ? [this.#header] : []), ...this.#waiting]) child.write(flvTag(tag));
    this.#waiting = [];
    this.#child = child;
  }
}
