import type { AudioFrame } from './frames.ts';
import { SoundLine } from './silence.ts';

/** More are not understood; the newest are heard. */
const MOST_SOUNDS = 8;

/** Tracks for so many sounds: a little more than are there, so that the next one need not begin an epoch. */
export function tracksFor(sounds: number): number {
  if (sounds <= 1) return 1;
  return sounds <= 4 ? 4 : MOST_SOUNDS;
}

/**
 * Which sound goes onto which track. Whoever has one keeps it; a newcomer takes one that is free; who finds none has to
 * wait for an epoch with more tracks.
 */
export function assignTracks(
  before: readonly (string | null)[],
  sounds: readonly string[],
): { tracks: (string | null)[]; waiting: boolean } {
  const heard = sounds.slice(-MOST_SOUNDS);
  const tracks = before.map((one) => (one !== null && heard.includes(one) ? one : null));
  const newcomers = heard.filter((one) => !tracks.includes(one));
  for (const one of newcomers) {
    const free = tracks.indexOf(null);
    if (free < 0) return { tracks, waiting: true };
    tracks[free] = one;
  }
  return { tracks, waiting: false };
}

/** The sound tracks of one epoch, each without holes. */
export class SoundDesk {
  readonly #lines: SoundLine[];
  #tracks: (string | null)[];
  #waiting = false;

  constructor(
    tracks: number,
    startMs: number,
    write: (atMs: number, track: number, opusFrame: Buffer) => void,
  ) {
    this.#tracks = Array.from({ length: tracks }, () => null);
    this.#lines = this.#tracks.map(
      (_, track) => new SoundLine(startMs, (atMs, opusFrame) => write(atMs, track, opusFrame)),
    );
  }

  /** Somebody is not heard for want of a track. */
  get waiting(): boolean {
    return this.#waiting;
  }

  setSounds(sounds: readonly string[]): void {
    ({ tracks: this.#tracks, waiting: this.#waiting } = assignTracks(this.#tracks, sounds));
  }

  hear(frame: AudioFrame, producerId: string): void {
    const track = this.#tracks.indexOf(producerId);
    if (track >= 0) this.#lines[track]!.hear(frame);
  }

  fill(now: number): void {
    this.#lines.forEach((line, track) => line.fill(now, this.#tracks[track] !== null));
  }
}
