import { asc, eq } from 'drizzle-orm';
import { stageFacts } from '../../drizzle/schema/broadcasts.ts';
import type { Reader } from '../platform/database/open.ts';
import type { StageFact } from './stage-rules.ts';

type FactRow = typeof stageFacts.$inferSelect;

/** Everything that was done on a broadcast's stage, in order. */
export async function listStageFacts(db: Reader, broadcastId: string): Promise<StageFact[]> {
  const rows = await db
    .select()
    .from(stageFacts)
    .where(eq(stageFacts.broadcastId, broadcastId))
    .orderBy(asc(stageFacts.seq));
  return rows.map(factOf);
}

/** Writes the fact numbered `seq`. Who did it, and when, stay beside it. */
export async function insertStageFact(
  db: Reader,
  broadcastId: string,
  seq: number,
  fact: StageFact,
  by: { accountId: string; at: string },
): Promise<void> {
  const row =
    fact.what === 'set-layout' ? layoutColumns(fact) : { what: fact.what, accountId: fact.accountId };
  await db
    .insert(stageFacts)
    .values({ ...row, broadcastId, seq, byAccountId: by.accountId, recordedAt: by.at });
}

function layoutColumns({ what, layout, main }: Extract<StageFact, { what: 'set-layout' }>) {
  return { what, layout, accountId: main?.accountId, source: main?.source };
}

function factOf({ what, accountId, layout, source }: FactRow): StageFact {
  if (what !== 'set-layout') return { what, accountId: accountId ?? '' };
  const main = accountId !== null && source !== null ? { accountId, source } : null;
  return { what, layout: layout ?? 'one', main };
}
