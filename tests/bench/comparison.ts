/** A figure of the hub beside the same figure of bare parts, measured by turns in the same run. */
export interface Comparison {
  what: string;
  unit: 'requests/s' | 'ms' | 'transactions' | '% of a core' | 'consumers' | 'MB';
  hub: number;
  /** Nothing where no bare part does the like. */
  bare: { what: string; value: number }[];
}

/** One thing to be measured: opens what it needs, closes it, and says what came out. */
export type Measure = (tell: (line: string) => void) => Promise<Comparison[]>;

/** The value in the middle; of an even number, the lower of the two. */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The nearest-rank percentile. Throws when there is no value: a figure from nothing is none. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
  if (value === undefined) throw new Error('Nothing was measured');
  return value;
}

/** Measures each subject `rounds` times by turns, so that a busy moment of the machine falls on all of them alike. */
export async function byTurns<Name extends string>(
  rounds: number,
  subjects: Record<Name, (round: number) => Promise<number>>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(subjects) as Name[];
  const measured = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < rounds; round += 1)
    for (const name of round % 2 === 0 ? names : names.toReversed())
      measured[name].push(await subjects[name](round));
  return measured;
}

/** Repeats in order; resolves with what each time gave. */
export async function repeat(times: number, work: (index: number) => Promise<number>): Promise<number[]> {
  const values: number[] = [];
  for (let index = 0; index < times; index += 1) values.push(await work(index));
  return values;
}
