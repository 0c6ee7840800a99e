const FIRST_MS = 500;
const LONGEST_MS = 10_000;

/**
 * How long to wait before the next try: twice as long each time. `chance` from 0 to 1 spreads a thousand viewers of one
 * hub that comes back.
 */
export function retryPauseMs(failures: number, chance: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 10));
  return Math.round(full * (0.7 + 0.3 * chance));
}
