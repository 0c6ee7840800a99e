import { eq, inArray, or } from 'drizzle-orm';
import { attendanceEvidence, mergeEvidence } from '../../../drizzle/schema/programme.ts';
import type { Reader, Transaction } from '../../platform/database/open.ts';
import type { MergeRow } from '../rules/evidence.ts';

export async function putMerge(tx: Transaction, row: MergeRow): Promise<void> {
  await tx.insert(mergeEvidence).values(row).onConflictDoUpdate({ target: mergeEvidence.mergeId, set: row });
}

export function findProjectedMerges(db: Reader, ids: string[]): Promise<MergeRow[]> {
  return db.select().from(mergeEvidence).where(inArray(mergeEvidence.mergeId, ids));
}

export async function removeMerges(tx: Transaction, ids: string[]): Promise<void> {
  await tx.delete(mergeEvidence).where(inArray(mergeEvidence.mergeId, ids));
}

/** Every merge that touches one of these persons, undone ones too. */
export function listMergesTouching(db: Reader, personIds: string[]): Promise<MergeRow[]> {
  return db
    .select()
    .from(mergeEvidence)
    .where(or(inArray(mergeEvidence.personId, personIds), inArray(mergeEvidence.intoPersonId, personIds)));
}

/** The merges that touch anyone with evidence in a run. */
export async function listMergesOfRun(db: Reader, runId: string): Promise<MergeRow[]> {
  const rows = await db
    .selectDistinct({ merge: mergeEvidence })
    .from(mergeEvidence)
    .innerJoin(
      attendanceEvidence,
      or(
        eq(attendanceEvidence.personId, mergeEvidence.personId),
        eq(attendanceEvidence.personId, mergeEvidence.intoPersonId),
      ),
    )
    .where(eq(attendanceEvidence.runId, runId));
  return rows.map((row) => row.merge);
}

/** Everyone in these merges: their facts may be one person's, so they are counted together. */
export function tiedBy(merges: readonly MergeRow[]): string[] {
  return [...new Set(merges.flatMap((merge) => [merge.personId, merge.intoPersonId]))];
}
