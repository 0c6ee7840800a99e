import { eq, inArray, like, or, type SQL } from 'drizzle-orm';
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

function inRegions(prefixes: string[]): SQL | undefined {
  return or(...prefixes.map((prefix) => like(runEvidence.regionCode, `${prefix}%`)));
}

/** Everything the rules need of the runs held under these region prefixes. */
export async function loadEvidence(db: Reader, prefixes: string[]): Promise<Evidence> {
  const where = inRegions(prefixes);
  const [runs, attendances, answers, verifications] = await Promise.all([
    db.select().from(runEvidence).where(where),
    db
      .select({ row: attendanceEvidence })
      .from(attendanceEvidence)
      .innerJoin(runEvidence, eq(runEvidence.runId, attendanceEvidence.runId))
      .where(where),
    db
      .select({ row: surveyEvidence })
      .from(surveyEvidence)
      .innerJoin(runEvidence, eq(runEvidence.runId, surveyEvidence.runId))
      .where(where),
    db
      .selectDistinct({
        personId: verificationEvidence.personId,
        verifiedAt: verificationEvidence.verifiedAt,
      })
      .from(verificationEvidence)
      .innerJoin(attendanceEvidence, eq(attendanceEvidence.personId, verificationEvidence.personId))
      .innerJoin(runEvidence, eq(runEvidence.runId, attendanceEvidence.runId))
      .where(where),
  ]);
  return {
    runs: new Map(runs.map((run) => [run.runId, run])),
    attendances: attendances.map(({ row }) => row),
    answers: answers.map(({ row }) => row),
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

/** Every projected row, for comparing with the rooms. */
export async function readProjection(db: Reader) {
  return {
    runs: await db.select().from(runEvidence),
    attendances: await db.select().from(attendanceEvidence),
    answers: await db.select().from(surveyEvidence),
    verifications: await db.select().from(verificationEvidence),
  };
}

export async function removeRows(
  tx: Transaction,
  kind: 'runs' | 'attendances' | 'answers' | 'verifications',
  ids: string[],
): Promise<void> {
  if (kind === 'runs') await tx.delete(runEvidence).where(inArray(runEvidence.runId, ids));
  if (kind === 'attendances')
    await tx.delete(attendanceEvidence).where(inArray(attendanceEvidence.attendanceId, ids));
  if (kind === 'answers') await tx.delete(surveyEvidence).where(inArray(surveyEvidence.answerId, ids));
  if (kind === 'verifications')
    await tx.delete(verificationEvidence).where(inArray(verificationEvidence.personId, ids));
}
