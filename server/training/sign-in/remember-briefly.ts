import type { Clock } from '../../platform/clock.ts';

const BRIEFLY_MS = 1000;
const MOST_KEPT = 200;

/** Asks again only for what was last asked for more than a second ago; a failure is not kept. */
export function rememberBriefly<T>(
  load: (key: string) => Promise<T>,
  clock: Clock,
): (key: string) => Promise<T> {
  const kept = new Map<string, { atMs: number; value: Promise<T> }>();
  return (key) => {
    const nowMs = clock.now();
    const found = kept.get(key);
    if (found && nowMs >= found.atMs && nowMs - found.atMs < BRIEFLY_MS) return found.value;
    if (kept.size >= MOST_KEPT) kept.clear();
    const value = load(key);
    kept.set(key, { atMs: nowMs, value });
    value.catch(() => kept.delete(key));
    return value;
  };
}
