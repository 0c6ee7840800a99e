/** The rule by which presence in a live class is counted; shown beside each attendance with its version. */
export const PRESENCE_RULE = { name: 'live-presence', version: 1 } as const;

/** Two pings may be this many intervals apart and still count as one presence: one may be lost, two may not. */
export const LONGEST_GAP_INTERVALS = 2.25;

/** A stretch of time, milliseconds since the epoch; empty when both are equal. */
export interface Stretch {
  startedAtMs: number;
  endedAtMs: number;
}

/** A stretch in which the broadcast was on the air; `endedAtMs` null while it still is. */
export interface AirWindow {
  startedAtMs: number;
  endedAtMs: number | null;
}

/** The last span of a device. `closed`: the device said that it stopped. */
export interface DeviceSpan extends Stretch {
  closed: boolean;
}

export type SpanChange =
  | { kind: 'none' }
  | { kind: 'begin'; span: DeviceSpan }
  | { kind: 'extend'; endedAtMs: number }
  | { kind: 'close' };

/**
 * What a ping changes. A playing ping carries the device's last span on when it comes soon enough after it and the
 * broadcast was on the air all the while; else it begins a new one where the broadcast was on the air, going back at
 * most to the last ping. A ping that says "not playing" only closes: nobody knows when the picture stopped.
 */
export function changeByPing(
  last: DeviceSpan | undefined,
  ping: { atMs: number; playing: boolean },
  windows: readonly AirWindow[],
  intervalMs: number,
): SpanChange {
  if (!ping.playing) return last && !last.closed ? { kind: 'close' } : { kind: 'none' };
  const window = windows.find((w) => w.startedAtMs <= ping.atMs && (w.endedAtMs ?? Infinity) >= ping.atMs);
  if (!window) return { kind: 'none' };
  const continues =
    last !== undefined &&
    !last.closed &&
    ping.atMs >= last.endedAtMs &&
    ping.atMs - last.endedAtMs <= intervalMs * LONGEST_GAP_INTERVALS;
  if (continues && last.endedAtMs >= window.startedAtMs) return { kind: 'extend', endedAtMs: ping.atMs };
  if (last && ping.atMs < last.endedAtMs) return { kind: 'none' };
  const startedAtMs = continues ? Math.max(last.endedAtMs, window.startedAtMs) : ping.atMs;
  return { kind: 'begin', span: { startedAtMs, endedAtMs: ping.atMs, closed: false } };
}

/** Whole seconds covered by a person's spans on all devices, counted once where they overlap. */
export function effectiveSeconds(spans: readonly Stretch[]): number {
  const sorted = [...spans].sort((a, b) => a.startedAtMs - b.startedAtMs);
  let totalMs = 0;
  let countedUntilMs = -Infinity;
  for (const { startedAtMs, endedAtMs } of sorted) {
    totalMs += Math.max(0, endedAtMs - Math.max(startedAtMs, countedUntilMs));
    countedUntilMs = Math.max(countedUntilMs, endedAtMs);
  }
  return Math.floor(totalMs / 1000);
}

/** True when the time suffices. The threshold belongs to the training session; without one nothing is reached. */
export function reachesThreshold(seconds: number, thresholdMinutes: number | undefined): boolean {
  return thresholdMinutes !== undefined && seconds >= thresholdMinutes * 60;
}
