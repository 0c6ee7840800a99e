import { fieldError } from '../platform/errors.ts';
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

/** Tells the addresses of one trim's playlists from another's, so that no cache shows the former one. Empty: not trimmed. */
export function trimQuery(row: Pick<BroadcastRow, 'trimStartMs' | 'trimEndMs'>): string {
  const trim = trimOf(row);
  return trim ? `?trim=${trim.startMs}-${trim.endMs}` : '';
}

/**
 * The trim as it is kept, null where it leaves everything. Throws `input.invalid` with the field: an end beyond what was
 * recorded, an end before the start, or too little between them.
 */
export function fitTrim(wished: Trim | null, recordedMs: number): Trim | null {
  if (!wished) return null;
  const { startMs, endMs } = wished;
  if (startMs < 0) throw fieldError('trim.startMs', 'too_small', 'startMs must not be below 0');
  if (endMs > recordedMs)
    throw fieldError('trim.endMs', 'beyond_end', `endMs must be at most ${recordedMs}, what was recorded`);
  if (endMs <= startMs) throw fieldError('trim.endMs', 'before_start', 'endMs must be after startMs');
  const leastMs = Math.min(SHORTEST_MS, recordedMs);
  if (endMs - startMs < leastMs)
    throw fieldError('trim.endMs', 'too_short', `endMs must be at least ${leastMs} after startMs`);
  return startMs === 0 && endMs === recordedMs ? null : { startMs, endMs };
}

/** A span counted in the replay, as one of the whole recording, cut to what is shown. */
export function spanOfReplay(
  asked: { fromMs?: number | undefined; toMs?: number | undefined },
  row: Pick<BroadcastRow, 'trimStartMs' | 'trimEndMs' | 'recordedMs'>,
): Trim {
  const shown = trimOf(row) ?? { startMs: 0, endMs: row.recordedMs };
  const startMs = shown.startMs + (asked.fromMs ?? 0);
  const endMs = Math.min(shown.endMs, asked.toMs === undefined ? Infinity : shown.startMs + asked.toMs);
  if (startMs >= shown.endMs) throw fieldError('from', 'beyond_end', 'from must lie within the replay');
  if (endMs <= startMs) throw fieldError('to', 'before_start', 'to must be after from');
  return { startMs, endMs };
}
