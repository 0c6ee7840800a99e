/** A segment as a player knows it: `start` on the player's own clock, `programDateTime` in milliseconds since 1970. */
export interface Piece {
  start: number;
  duration: number;
  /** Counts the discontinuities before it. */
  cc: number;
  programDateTime: number | null;
}

/** A part of the recording without a hole, on the player's clock and on the wall's. */
export interface Stretch {
  startSeconds: number;
  endSeconds: number;
  /** Unknown where the playlist does not say. */
  startedAtMs: number | undefined;
}

/** Time of which nothing was recorded. Players play on over it: on their clock it has no length. */
export interface Gap {
  atSeconds: number;
  fromMs: number;
  toMs: number;
}

/** A new encoder or another source loses a frame or two; only what a viewer would miss is a gap. */
const LEAST_GAP_MS = 1_000;

export function stretchesOf(pieces: readonly Piece[]): Stretch[] {
  const stretches: Stretch[] = [];
  let counted: number | undefined;
  for (const { start, duration, cc, programDateTime } of pieces) {
    const last = stretches.at(-1);
    if (last && cc === counted) last.endSeconds = start + duration;
    else
      stretches.push({
        startSeconds: start,
        endSeconds: start + duration,
        startedAtMs: programDateTime ?? undefined,
      });
    counted = cc;
  }
  return stretches;
}

export function gapsOf(stretches: readonly Stretch[]): Gap[] {
  const gaps: Gap[] = [];
  for (const [index, stretch] of stretches.entries()) {
    const before = stretches[index - 1];
    if (before?.startedAtMs === undefined || stretch.startedAtMs === undefined) continue;
    const fromMs = before.startedAtMs + (before.endSeconds - before.startSeconds) * 1000;
    if (stretch.startedAtMs - fromMs < LEAST_GAP_MS) continue;
    gaps.push({ atSeconds: stretch.startSeconds, fromMs, toMs: stretch.startedAtMs });
  }
  return gaps;
}

/** When that moment of the recording really was, in milliseconds since 1970. */
export function wallClockAt(stretches: readonly Stretch[], seconds: number): number | undefined {
  const stretch = stretches.filter(({ startSeconds }) => startSeconds <= seconds).at(-1) ?? stretches[0];
  if (stretch?.startedAtMs === undefined) return undefined;
  return stretch.startedAtMs + (seconds - stretch.startSeconds) * 1000;
}

/** Where on the player's clock that moment is; one within a gap is where the recording goes on. */
export function secondsAt(stretches: readonly Stretch[], wallClockMs: number): number | undefined {
  for (const { startSeconds, endSeconds, startedAtMs } of stretches) {
    if (startedAtMs === undefined) continue;
    if (wallClockMs < startedAtMs) return startSeconds;
    const seconds = startSeconds + (wallClockMs - startedAtMs) / 1000;
    if (seconds <= endSeconds) return seconds;
  }
  return stretches.at(-1)?.endSeconds;
}
