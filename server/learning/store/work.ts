import { and, asc, desc, eq, isNull, like, or } from 'drizzle-orm';
import { quizAttempts, taskSubmissions } from '../../../drizzle/schema/learning.ts';
import type { Reader } from '../../platform/database/open.ts';

export type { StoredPhoto } from '../../../drizzle/schema/learning.ts';
export type AttemptRow = typeof quizAttempts.$inferSelect;
export type SubmissionRow = typeof taskSubmissions.$inferSelect;

/** In the order they were begun. */
export function listAttempts(db: Reader, startId: string, lessonKey: string): Promise<AttemptRow[]> {
  return db
    .select()
    .from(quizAttempts)
    .where(and(eq(quizAttempts.startId, startId), eq(quizAttempts.lessonKey, lessonKey)))
    .orderBy(asc(quizAttempts.ordinal));
}

export async function insertAttempt(db: Reader, row: AttemptRow): Promise<void> {
  await db.insert(quizAttempts).values(row);
}

export async function updateAttempt(db: Reader, id: string, changes: Partial<AttemptRow>): Promise<void> {
  await db.update(quizAttempts).set(changes).where(eq(quizAttempts.id, id));
}

/** In the order they were handed in. */
export function listSubmissions(db: Reader, startId: string, lessonKey: string): Promise<SubmissionRow[]> {
  return db
    .select()
    .from(taskSubmissions)
    .where(and(eq(taskSubmissions.startId, startId), eq(taskSubmissions.lessonKey, lessonKey)))
    .orderBy(asc(taskSubmissions.ordinal));
}

export async function findSubmission(db: Reader, id: string): Promise<SubmissionRow | undefined> {
  const [row] = await db.select().from(taskSubmissions).where(eq(taskSubmissions.id, id));
  return row;
}

export async function insertSubmission(db: Reader, row: SubmissionRow): Promise<void> {
  await db.insert(taskSubmissions).values(row);
}

export async function updateSubmission(
  db: Reader,
  id: string,
  changes: Partial<SubmissionRow>,
): Promise<void> {
  await db.update(taskSubmissions).set(changes).where(eq(taskSubmissions.id, id));
}

/** Within these regions (an empty prefix: everywhere): what waits for a grade, the longest waiting first. */
function waiting(prefixes: readonly string[]) {
  return and(
    isNull(taskSubmissions.verdict),
    or(...prefixes.map((prefix) => like(taskSubmissions.regionCode, `${prefix}%`))),
  );
}

export function listWaiting(
  db: Reader,
  prefixes: readonly string[],
  slice: { limit: number; offset: number },
): Promise<SubmissionRow[]> {
  return db
    .select()
    .from(taskSubmissions)
    .where(waiting(prefixes))
    .orderBy(asc(taskSubmissions.handedInAt))
    .limit(slice.limit)
    .offset(slice.offset);
}

export function countWaiting(db: Reader, prefixes: readonly string[]): Promise<number> {
  return db.$count(taskSubmissions, waiting(prefixes));
}

/** Graded lately, the newest first. */
export function listGraded(db: Reader, gradedBy: string, limit: number): Promise<SubmissionRow[]> {
  return db
    .select()
    .from(taskSubmissions)
    .where(eq(taskSubmissions.gradedBy, gradedBy))
    .orderBy(desc(taskSubmissions.gradedAt))
    .limit(limit);
}
