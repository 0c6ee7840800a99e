import { and, asc, eq, gt, inArray } from 'drizzle-orm';
import {
  attendanceEvidence,
  evidenceProgress,
  runEvidence,
  surveyEvidence,
  verificationEvidence,
} from '../../../drizzle/schema/programme.ts';
import type { Reader, Transaction } from '../../platform/database/open.ts';
import type { AnswerRow, AttendanceRow, Evidence, RunRow } from '../rules/evidence.ts';

export type VerificationRow = typeof verificationEvidence.$inferSelect;

/** How far the evidence has come. `seq` is the outbox's number of the last fact applied. */
export interface Freshness {
  seq: number;
  factRecordedAt: string;
  appliedAt: string;
}

const PROGRESS_ID = 1;

/**
 * What the rules need of a run's next persons after `after`, by id; `last` is where the slice after it begins, if any. `apart`
 * are left out: they are loaded together.
 */
export async function loadSlice(
  db: Reader,
  run: RunRow,
  slice: { after: string; persons: number; apart: ReadonlySet<string> },
): Promise<{ evidence: Evidence; last: string | undefined }> {
  const ids = await db
    .selectDistinct({ personId: attendanceEvidence.personId })
    .from(attendanceEvidence)
    .where(and(eq(attendanceEvidence.runId, run.runId), gt(attendanceEvidence.personId, slice.after)))
    .orderBy(asc(attendanceEvidence.personId))
    .limit(slice.persons);
  const personIds = ids.map((row) => row.personId);
  return {
    evidence: await loadEvidence(
      db,
      run,
      personIds.filter((id) => !slice.apart.has(id)),
    ),
    last: ids.length < slice.persons ? undefined : personIds.at(-1),
  };
}

/** What the rules need of some persons of a run. */
export async function loadEvidence(db: Reader, run: RunRow, personIds: string[]): Promise<Evidence> {
  const { runId } = run;
  const [attendances, answers, verifications] = await Promise.all([
    db
      .select()
      .from(attendanceEvidence)
      .where(and(eq(attendanceEvidence.runId, runId), inArray(attendanceEvidence.personId, personIds))),
    db
      .select()
      .from(surveyEvidence)
      .where(and(eq(surveyEvidence.runId, runId), inArray(surveyEvidence.personId, personIds))),
    db.select().from(verificationEvidence).where(inArray(verificationEvidence.personId, personIds)),
  ]);
  return {
    runs: new Map([[runId, run]]),
    attendances,
    answers,
    verifiedAt: new Map(verifications.map((row) => [row.personId, row.verifiedAt])),
  };
}

export async function readFreshness(db: Reader): Promise<Freshness | null> {
  const [row] = await db.select().from(evidenceProgress).where(eq(evidenceProgress.id, PROGRESS_ID));
  return row ? { seq: row.seq, factRecordedAt: row.factRecordedAt, appliedAt: row.appliedAt } : null;
}

export async function writeFreshness(tx: Transaction, freshness: Freshness): Promise<void> {
  await tx
    .insert(evidenceProgress)
    .values({ id: PROGRESS_ID, ...freshness })
    .onConflictDoUpdate({ target: evidenceProgress.id, set: freshness });
}

export async function putRun(tx: Transaction, row: RunRow): Promise<void> {
  await tx.insert(runEvidence).values(row).onConflictDoUpdate({ target: runEvidence.runId, set: row });
}

export async function putAttendance(tx: Transaction, row: AttendanceRow): Promise<void> {
  await tx
    .insert(attendanceEvidence)
    .values(row)
    .onConflictDoUpdate({ target: attendanceEvidence.attendanceId, set: row });
}

/** Adds an attendance that is news; one that is here already (repaired before its news came) stays as it is. */
export async function addAttendance(tx: Transaction, row: AttendanceRow): Promise<void> {
  await tx.insert(attendanceEvidence).values(row).onConflictDoNothing();
}

export async function markAttendanceVoided(
  tx: Transaction,
  attendanceId: string,
  voidedAt: string,
): Promise<number> {
  const result = await tx
    .update(attendanceEvidence)
    .set({ voidedAt })
    .where(eq(attendanceEvidence.attendanceId, attendanceId));
  return result.rowsAffected;
}

export async function putAnswer(tx: Transaction, row: AnswerRow): Promise<void> {
  await tx
    .insert(surveyEvidence)
    .values(row)
    .onConflictDoUpdate({ target: surveyEvidence.answerId, set: row });
}

export async function addAnswer(tx: Transaction, row: AnswerRow): Promise<void> {
  await tx.insert(surveyEvidence).values(row).onConflictDoNothing();
}

export async function putVerification(tx: Transaction, row: VerificationRow): Promise<void> {
  await tx
    .insert(verificationEvidence)
    .values(row)
    .onConflictDoUpdate({ target: verificationEvidence.personId, set: row });
}
