import { gapsOf, wallClockAt, type Gap, type Stretch } from './timeline.ts';

/** Where the reader is in what can be played. Seconds are of the player's own clock. */
export class Progress {
  startSeconds = $state(0);
  endSeconds = $state(0);
  atSeconds = $state(0);
  /** The wall clock at that moment of the recording, in milliseconds since 1970. */
  atMs = $state<number | undefined>();
  gaps = $state.raw<readonly Gap[]>([]);
  #stretches: readonly Stretch[] = [];

  /** Of a player of HLS: `edgeSeconds` is the end of what it can play now. */
  read(stretches: readonly Stretch[], atSeconds: number): void {
    if (stretches.length > 0) {
      this.#stretches = stretches;
      this.startSeconds = stretches[0]!.startSeconds;
      this.endSeconds = Math.max(stretches.at(-1)!.endSeconds, atSeconds);
      const gaps = gapsOf(stretches);
      if (gaps.length !== this.gaps.length) this.gaps = gaps;
    }
    this.at(atSeconds);
  }

  /** Live by WebRTC: there is nothing but now, so many seconds after the beginning. */
  readLive(elapsedSeconds: number, nowMs: number): void {
    this.#stretches = [
      {
        startSeconds: 0,
        endSeconds: elapsedSeconds,
        startedAtMs: nowMs - elapsedSeconds * 1000,
      },
    ];
    this.startSeconds = 0;
    this.endSeconds = elapsedSeconds;
    this.gaps = [];
    this.at(elapsedSeconds);
  }

  at(seconds: number): void {
    this.atSeconds = Math.min(Math.max(seconds, this.startSeconds), this.endSeconds);
    this.atMs = this.wallClockAt(seconds);
  }

  wallClockAt(seconds: number): number | undefined {
    return wallClockAt(this.#stretches, seconds);
  }
}
