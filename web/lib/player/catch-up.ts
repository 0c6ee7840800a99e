/** Seconds behind the live edge that a player aims at, by what its reader wants. */
export const TARGET_SECONDS = { auto: 0.6, saving: 4 } as const;
/** Each stall lets the player stay further back, up to this. */
export const FARTHEST_SECONDS = 8;
const STALL_STEP_SECONDS = 0.7;
const FIRST_CALM_MS = 20_000;
const LONGEST_CALM_MS = 5 * 60_000;

/** Fewer whole parts than these in hand, and the next one is always late. */
const PARTS_IN_HAND = 2;
const QUICK = 1.1;
const TOLERANCE_SECONDS = 0.1;

/**
 * The playback rate that brings a player back to its target: hls.js's own catch-up needs a second of buffer and
 * stays further behind.
 */
export function catchUpRate(now: {
  latencySeconds: number;
  bufferedSeconds: number;
  targetSeconds: number;
}): number {
  const behind = now.latencySeconds > now.targetSeconds + TOLERANCE_SECONDS;
  return behind && now.bufferedSeconds > now.targetSeconds / 2 ? QUICK : 1;
}

/** The target after a stall: a line that could not keep up is given more room. */
export function targetAfterStall(targetSeconds: number): number {
  return Math.min(FARTHEST_SECONDS, targetSeconds + STALL_STEP_SECONDS);
}

/** How long a line must not stall before it is trusted with less room again: longer with each stall. */
export function calmMsAfter(stalls: number): number {
  return Math.min(LONGEST_CALM_MS, FIRST_CALM_MS * 2 ** Math.max(0, stalls - 1));
}

/** The target of a line that has been calm so long: back by one stall's room, down to what its reader wants. */
export function targetAfterCalm(targetSeconds: number, wantedSeconds: number): number {
  return Math.max(wantedSeconds, targetSeconds - STALL_STEP_SECONDS);
}

/** The target where the playlist's parts are that long; 0 where it has none. Slides that rarely move come in long parts. */
export function targetForParts(targetSeconds: number, partTargetSeconds: number): number {
  return Math.max(targetSeconds, PARTS_IN_HAND * partTargetSeconds);
}

/** How far behind a player may fall before jumping forward serves it better than running. */
export function isTooFarBehind(latencySeconds: number, targetSeconds: number): boolean {
  return latencySeconds > targetSeconds + 6;
}
