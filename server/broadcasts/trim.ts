import { HubError } from '../platform/errors.ts';
import type { BroadcastRow } from './store.ts';

/** What of the whole recording is shown, in milliseconds of recorded time. */
export interface Trim {
  startMs: number;
  endMs: number;
}

/** Below this there is nothing to watch. */
const SHORTEST_MS = 1_000;

/** The trim of a row, or null where all is shown. */
export function trimOf({
  trimStartMs,
  trimEndMs,
}: Pick<BroadcastRow, 'trimStartMs' | 'trimEndMs'>): Trim | null {
  return trimStartMs === null || trimEndMs === null ? null : { startMs: trimStartMs, endMs: trimEndMs };
}

/** How long the replay is. */
export function replayMsOf(row: Pick<BroadcastRow, 'trimStartMs' | 'trimEndMs' | 'recordedMs'>): number {
  const trim = trimOf(row);
  return trim ? trim.endMs - trim.startMs : row.recordedMs;
}

/** The trim as it is kept: within the recording, null where it leaves everything. `input.invalid` when too little is left. */
export function fitTrim(wished: Trim | null, recordedMs: number): Trim | null {
  if (!wished) return null;
  const trim = { startMs: Math.max(0, wished.startMs), endMs: Math.min(wished.endMs, recordedMs) };
  if (trim.endMs - trim.startMs < Math.min(SHORTEST_MS, recordedMs)) {
    const message = `endMs must be at least ${SHORTEST_MS} after startMs, within the ${recordedMs} recorded`;
    throw new HubError('input.invalid', { message, fields: [{ path: 'endMs', rule: 'too_small', message }] });
  }
  return trim.startMs === 0 && trim.endMs === recordedMs ? null : trim;
}

/** A span counted in the replay, as one of the whole recording, cut to what is shown. */
export function spanOfReplay(
  asked: { fromMs?: number | undefined; toMs?: number | undefined },
  row: Pick<BroadcastRow, 'trimStartMs' | 'trimEndMs' | 'recordedMs'>,
): Trim {
  const shown = trimOf(row) ?? { startMs: 0, endMs: row.recordedMs };
  const startMs = shown.startMs + (asked.fromMs ?? 0);
  const endMs = Math.min(shown.endMs, asked.toMs === undefined ? Infinity : shown.startMs + asked.toMs);
  if (endMs <= startMs)
    throw new HubError('input.invalid', { message: 'from must be before to, and within the replay' });
  return { startMs, endMs };
}
