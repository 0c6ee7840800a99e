import type { PlaybackWish } from './choose-playback.ts';
import type { Rendition } from './renditions.ts';
import type { Gap } from './timeline.ts';

export const SPEEDS = [0.75, 1, 1.25, 1.5, 2] as const;
export type Speed = (typeof SPEEDS)[number];

/** What the controls need of whatever plays. */
export interface Playable {
  readonly mode: 'waiting' | 'webrtc' | 'hls' | 'replay';
  readonly paused: boolean;
  readonly sound: { readonly muted: boolean; readonly silent: boolean };
  readonly lookingBack: boolean;
  readonly secondsBehind: number | undefined;
  readonly speed: Speed;
  readonly wish: PlaybackWish;
  /** Empty until {@link findRenditions} was called. */
  readonly renditions: readonly Rendition[];
  readonly progress: {
    readonly startSeconds: number;
    readonly endSeconds: number;
    readonly atSeconds: number;
    readonly atMs: number | undefined;
    readonly gaps: readonly Gap[];
    wallClockAt(seconds: number): number | undefined;
  };
  pause(): void;
  resume(): Promise<void>;
  seek(seconds: number): void;
  toLive(): void;
  setSilent(silent: boolean): void;
  unmute(): Promise<void>;
  setSpeed(speed: Speed): void;
  choose(wish: PlaybackWish): void;
  findRenditions(): Promise<void>;
}
