import type { PlaybackWish } from './choose-playback.ts';
import type { Stretch } from './timeline.ts';

/** What is asked of a player of HLS, whichever plays. */
export interface HlsOptions {
  /** Path of the master playlist. */
  url: string;
  live: boolean;
  wish: PlaybackWish;
  /** The moment to begin at, in milliseconds since 1970; undefined: live, or the beginning of a replay. */
  startAtMs?: number;
  /** As `startAtMs`, on the player's own clock. */
  startAtSeconds?: number;
  /** Nothing was left to play, though playing was wanted. */
  onStall: () => void;
  /** The address does not answer (true), or answers again. Trying goes on for ever. */
  onTrouble: (trouble: boolean) => void;
}

/** How the line fares, as far as the player can tell. */
export interface HlsLine {
  /** Bits a second that the line carries, and that the picture needs. */
  carries: number | undefined;
  needs: number | undefined;
  bufferedSeconds: number;
}

/** A broadcast's HLS address, played in a video element until closed. Seconds are of the player's own clock. */
export interface HlsPlayer {
  /** What can be played, from the beginning; empty while nothing is known. */
  stretches(): Stretch[];
  /** Seconds behind the live edge, where the player can tell. */
  secondsBehind(): number | undefined;
  /** Stays with the live edge (at first too, unless told where to begin), or lets the reader be where he is. */
  follow(follows: boolean): void;
  readonly follows: boolean;
  seek(seconds: number): void;
  line(): HlsLine;
  close(): void;
}

/** Seconds that can be played from here without another byte. */
export function bufferedAhead(video: HTMLVideoElement): number {
  for (let range = 0; range < video.buffered.length; range += 1) {
    const end = video.buffered.end(range);
    if (video.buffered.start(range) <= video.currentTime + 0.1 && end >= video.currentTime)
      return end - video.currentTime;
  }
  return 0;
}
