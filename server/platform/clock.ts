/** The hub's only source of the present, so that tests and the sample can stand elsewhere in time. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** An instant in UTC as ISO text with milliseconds (`2026-11-22T03:00:00.000Z`): sorts as text, is read by people. */
export type Instant = string;

/** The ISO text of an instant in milliseconds. */
export function instant(ms: number): Instant {
  return new Date(ms).toISOString();
}

const SHANGHAI_OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

/** `2026-11-22`: the calendar day in Asia/Shanghai (UTC+8, no summer time since 1991) of an instant in milliseconds. */
export function shanghaiDay(instantMs: number): string {
  return new Date(instantMs + SHANGHAI_OFFSET_MS).toISOString().slice(0, 10);
}

/** The first millisecond after `day` (`YYYY-MM-DD`) has ended in Asia/Shanghai. */
export function endOfShanghaiDay(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) - SHANGHAI_OFFSET_MS + DAY_MS;
}
