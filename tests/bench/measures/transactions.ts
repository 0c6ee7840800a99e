import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { createClient } from '@libsql/client';
import { eq } from 'drizzle-orm';
import { settings } from '../../../drizzle/schema/platform.ts';
import { openDatabase } from '../../../server/platform/database/open.ts';
import { median, type Comparison, type Measure } from '../comparison.ts';

const TRANSACTIONS = 1000;
const ROUNDS = 3;
const TURNS_MS = 20;

interface Outcome {
  refused: number;
  lost: number;
  tookMs: number;
  longestStallMs: number;
}

/** A thousand transactions at once, each reading a counter and writing it one higher. */
export const measureTransactions: Measure = async (tell) => {
  const gated: Outcome[] = [];
  const bare: Outcome[] = [];
  const inTurn: Outcome[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    gated.push(await inFreshDir(countThroughHub));
    bare.push(await inFreshDir((url) => countThroughBareClient(url, atOnce)));
    inTurn.push(await inFreshDir((url) => countThroughBareClient(url, oneAfterAnother)));
  }
  const of = (outcomes: Outcome[], key: keyof Outcome) => median(outcomes.map((outcome) => outcome[key]));
  tell(`longest stalls ${gated.map(({ longestStallMs }) => Math.round(longestStallMs)).join(', ')} ms`);
  const row = (
    what: string,
    unit: 'ms' | 'transactions',
    key: keyof Outcome,
    [baseline, outcomes]: [string, Outcome[]],
  ): Comparison => ({
    what: `${TRANSACTIONS.toLocaleString('en')} transactions at once: ${what}`,
    unit,
    hub: of(gated, key),
    bare: [{ what: baseline, value: of(outcomes, key) }],
  });
  const ungated: [string, Outcome[]] = ['libSQL client, all at once', bare];
  // The nearest that a bare client comes to carrying all of them out.
  const serial: [string, Outcome[]] = ['libSQL client, one after another', inTurn];
  return [
    row('refused', 'transactions', 'refused', ungated),
    row('lost', 'transactions', 'lost', ungated),
    row('time', 'ms', 'tookMs', serial),
    row('longest stall of the event loop', 'ms', 'longestStallMs', serial),
  ];
};

async function inFreshDir(work: (url: string) => Promise<Outcome>): Promise<Outcome> {
  const dir = await mkdtemp(join(tmpdir(), 'xiangbo-bench-'));
  try {
    return await work(`file:${join(dir, 'hub.db')}`);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function countThroughHub(url: string): Promise<Outcome> {
  const db = await openDatabase(url);
  try {
    await db.insert(settings).values({ key: 'n', value: 0 });
    const read = async () =>
      (await db.select().from(settings).where(eq(settings.key, 'n')))[0]!.value as number;
    const countUp = () =>
      db.transaction(async (tx) => {
        const [row] = await tx.select().from(settings).where(eq(settings.key, 'n'));
        const value = (row!.value as number) + 1;
        await tx.update(settings).set({ value }).where(eq(settings.key, 'n'));
      });
    return await run(countUp, read, atOnce);
  } finally {
    await db.close();
  }
}

async function countThroughBareClient(url: string, order: Order): Promise<Outcome> {
  const client = createClient({ url, concurrency: TRANSACTIONS + 1 });
  try {
    await client.execute('PRAGMA journal_mode=WAL');
    await client.execute('CREATE TABLE counters (n INTEGER NOT NULL)');
    await client.execute('INSERT INTO counters VALUES (0)');
    const read = async () => Number((await client.execute('SELECT n FROM counters')).rows[0]!.n);
    const countUp = async () => {
      const tx = await client.transaction('write');
      try {
        const { rows } = await tx.execute('SELECT n FROM counters');
        await tx.execute({ sql: 'UPDATE counters SET n = ?', args: [Number(rows[0]!.n) + 1] });
        await tx.commit();
      } finally {
        tx.close();
      }
    };
    return await run(countUp, read, order);
  } finally {
    client.close();
  }
}

type Order = (countUp: () => Promise<void>) => Promise<PromiseSettledResult<void>[]>;

const atOnce: Order = (countUp) => Promise.allSettled(Array.from({ length: TRANSACTIONS }, countUp));

const oneAfterAnother: Order = async (countUp) => {
  const results: PromiseSettledResult<void>[] = [];
  while (results.length < TRANSACTIONS) results.push(...(await Promise.allSettled([countUp()])));
  return results;
};

async function run(
  countUp: () => Promise<void>,
  read: () => Promise<number>,
  order: Order,
): Promise<Outcome> {
  await countUp();
  const before = await read();
  const stalls = monitorEventLoopDelay({ resolution: 1 });
  stalls.enable();
  // It sees a stall only between two turns: one before, one after.
  await wait(TURNS_MS);
  const startedAt = performance.now();
  const results = await order(countUp);
  const tookMs = performance.now() - startedAt;
  await wait(TURNS_MS);
  stalls.disable();
  const refused = results.filter(({ status }) => status === 'rejected').length;
  const lost = TRANSACTIONS - refused - ((await read()) - before);
  return { refused, lost, tookMs, longestStallMs: stalls.max / 1e6 };
}
