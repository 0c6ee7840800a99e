import type { AudioFrame } from './frames.ts';
import { OPUS_SILENCE, OPUS_SILENCE_MS } from './opus.ts';

/** How long a microphone that is on may be late before silence takes its place (a phone's network jitters). */
const LATE_MS = 500;
/** Without a microphone silence is laid a little ahead, so that no part has to wait for it. */
const AHEAD_MS = 100;

/** Keeps the sound track without holes, whether or not a microphone sends. */
export class SoundLine {
  readonly #write: (atMs: number, opusFrame: Buffer) => void;
  /** Up to where there is sound. */
  #endMs: number;

  constructor(startMs: number, write: (atMs: number, opusFrame: Buffer) => void) {
    this.#endMs = startMs;
    this.#write = write;
    // The encoder starts with the first frame, and the init segment comes only then.
    this.fill(startMs + LATE_MS + OPUS_SILENCE_MS, true);
  }

  hear(frame: AudioFrame): void {
    // What comes after silence took its place is too late.
    if (frame.atMs < this.#endMs - 10) return;
    this.#write(frame.atMs, frame.payload);
    this.#endMs = frame.atMs + frame.durationMs;
  }

  /** `expectSound` while a microphone is there and not muted. */
  fill(now: number, expectSound: boolean): void {
    const fillTo = expectSound ? now - LATE_MS : now + AHEAD_MS;
    while (this.#endMs + OPUS_SILENCE_MS <= fillTo) {
      this.#write(this.#endMs, OPUS_SILENCE);
      this.#endMs += OPUS_SILENCE_MS;
    }
  }
}
