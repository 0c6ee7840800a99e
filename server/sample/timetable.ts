import type { CountyCode } from './cast.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How often a county has taught, and how its trainees liked it; one of the four fails its satisfaction target. */
const HABITS: Record<CountyCode, { runs: number[]; enrolled: [number, number]; pleased: number }> = {
  // Sessions in each run: 10 + 8 + 7 + 5 = 30.
  '533103': { runs: [1, 1, 2, 1, 1, 1, 2, 1], enrolled: [34, 48], pleased: 0.97 },
  '533124': { runs: [1, 2, 1, 1, 2, 1], enrolled: [28, 42], pleased: 0.95 },
  '533123': { runs: [1, 1, 2, 1, 1, 1], enrolled: [26, 40], pleased: 0.94 },
  '533122': { runs: [1, 1, 2, 1], enrolled: [20, 34], pleased: 0.8 },
};

/** A run of the past by when its sessions began. */
export interface PastRun {
  county: CountyCode;
  startsAtMs: number[];
  enrolled: [number, number];
  pleased: number;
}

/** 19:30 in Asia/Shanghai, `days` after today (before, where negative). */
export function eveningMs(todayMs: number, days: number): number {
  const dayStartMs = todayMs - ((todayMs + 8 * HOUR_MS) % DAY_MS);
  return dayStartMs + days * DAY_MS + 19.5 * HOUR_MS;
}

/** The sample's past, oldest first: evenings (19:30 in Asia/Shanghai) over the 140 days before `todayMs`. */
export function pastRuns(todayMs: number): PastRun[] {
  return Object.entries(HABITS)
    .flatMap(([county, { runs, enrolled, pleased }], row) =>
      runs.map((sessions, index) => {
        const daysAgo = 138 - row - Math.floor((index * 132) / runs.length);
        const startsAtMs = Array.from({ length: sessions }, (_, at) => eveningMs(todayMs, at - daysAgo));
        return { county: county as CountyCode, startsAtMs, enrolled, pleased };
      }),
    )
    .sort((a, b) => a.startsAtMs[0]! - b.startsAtMs[0]!);
}
