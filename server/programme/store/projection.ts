import { and, eq, gt, inArray, like, lte, or } from 'drizzle-orm';
import {
  attendanceEvidence,
  runEvidence,
  surveyEvidence,
  verificationEvidence,
} from '../../../drizzle/schema/programme.ts';
import type { Reader, Transaction } from '../../platform/database/open.ts';
import type { AnswerRow, AttendanceRow, RunRow } from '../rules/evidence.ts';
import type { VerificationRow } from './evidence.ts';

/** The runs that the evidence has under these region prefixes. */
export function listProjectedRuns(db: Reader, prefixes: string[]): Promise<RunRow[]> {
  return db
    .select()
    .from(runEvidence)
    .where(or(...prefixes.map((prefix) => like(runEvidence.regionCode, `${prefix}%`))));
}

/** The evidence of a run's persons after `after`, up to `last` where it is given. */
export async function listProjectedRange(
  db: Reader,
  { runId, after, last }: { runId: string; after: string; last: string | undefined },
): Promise<{ attendances: AttendanceRow[]; answers: AnswerRow[] }> {
  const inRange = (table: typeof attendanceEvidence | typeof surveyEvidence) =>
    and(
      eq(table.runId, runId),
      gt(table.personId, after),
      last === undefined ? undefined : lte(table.personId, last),
    );
  return {
    attendances: await db.select().from(attendanceEvidence).where(inRange(attendanceEvidence)),
    answers: await db.select().from(surveyEvidence).where(inRange(surveyEvidence)),
  };
}

export function findProjectedRuns(db: Reader, ids: string[]): Promise<RunRow[]> {
  return db.select().from(runEvidence).where(inArray(runEvidence.runId, ids));
}

export function findProjectedAttendances(db: Reader, ids: string[]): Promise<AttendanceRow[]> {
  return db.select().from(attendanceEvidence).where(inArray(attendanceEvidence.attendanceId, ids));
}

export function findProjectedAnswers(db: Reader, ids: string[]): Promise<AnswerRow[]> {
  return db.select().from(surveyEvidence).where(inArray(surveyEvidence.answerId, ids));
}

export function findProjectedVerifications(db: Reader, ids: string[]): Promise<VerificationRow[]> {
  return db.select().from(verificationEvidence).where(inArray(verificationEvidence.personId, ids));
}

export async function removeRuns(tx: Transaction, ids: string[]): Promise<void> {
  await tx.delete(runEvidence).where(inArray(runEvidence.runId, ids));
}

export async function removeAttendances(tx: Transaction, ids: string[]): Promise<void> {
  await tx.delete(attendanceEvidence).where(inArray(attendanceEvidence.attendanceId, ids));
}

export async function removeAnswers(tx: Transaction, ids: string[]): Promise<void> {
  await tx.delete(surveyEvidence).where(inArray(surveyEvidence.answerId, ids));
}

export async function removeVerifications(tx: Transaction, ids: string[]): Promise<void> {
  await tx.delete(verificationEvidence).where(inArray(verificationEvidence.personId, ids));
}
