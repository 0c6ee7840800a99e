import type { BroadcastRow } from './store.ts';

type Candidate = Pick<BroadcastRow, 'id' | 'state' | 'createdAt' | 'scheduledFor' | 'interruptedAt'>;

/**
 * Which of an account's own broadcasts its own stream key publishes to: the live one, else the one interrupted last,
 * else the planned one nearest in time (one planned without a time counts as meant for when it was made). Undefined
 * where there is none.
 */
export function nextOnAir<Row extends Candidate>(candidates: readonly Row[], nowMs: number): Row | undefined {
  const live = candidates.find(({ state }) => state === 'live');
  if (live) return live;
  const byLatest = (a: Row, b: Row) => (b.interruptedAt ?? '').localeCompare(a.interruptedAt ?? '');
  const [interrupted] = candidates.filter(({ state }) => state === 'interrupted').sort(byLatest);
  if (interrupted) return interrupted;
  const away = ({ scheduledFor, createdAt }: Row) => Math.abs(Date.parse(scheduledFor ?? createdAt) - nowMs);
  return candidates.filter(({ state }) => state === 'scheduled').sort((a, b) => away(a) - away(b))[0];
}
