import { and, desc, eq, inArray, isNull } from 'drizzle-orm';
import {
  courseCompletions,
  courseStarts,
  courseSurveyAnswers,
  learners,
  lessonProgress,
} from '../../../drizzle/schema/learning.ts';
import type { Reader } from '../../platform/database/open.ts';

export type StartRow = typeof courseStarts.$inferSelect;
export type LessonRow = typeof lessonProgress.$inferSelect;
export type LearnerRow = typeof learners.$inferSelect;

/** The version the person is in: the one under way, else the last one completed. */
export async function findStart(
  db: Reader,
  courseId: string,
  personId: string,
): Promise<StartRow | undefined> {
  const rows = await db
    .select()
    .from(courseStarts)
    .where(and(eq(courseStarts.courseId, courseId), eq(courseStarts.personId, personId)))
    .orderBy(desc(courseStarts.version));
  return rows.find((row) => row.completedAt === null) ?? rows[0];
}

export async function findStartById(db: Reader, id: string): Promise<StartRow | undefined> {
  const [row] = await db.select().from(courseStarts).where(eq(courseStarts.id, id));
  return row;
}

/** What the person has begun, the latest visited first. */
export function listStarts(db: Reader, personId: string, limit: number): Promise<StartRow[]> {
  return db
    .select()
    .from(courseStarts)
    .where(eq(courseStarts.personId, personId))
    .orderBy(desc(courseStarts.lastAt))
    .limit(limit);
}

export async function insertStart(db: Reader, row: StartRow): Promise<void> {
  await db.insert(courseStarts).values(row);
}

export async function updateStart(db: Reader, id: string, changes: Partial<StartRow>): Promise<void> {
  await db.update(courseStarts).set(changes).where(eq(courseStarts.id, id));
}

export function listLessons(db: Reader, startIds: readonly string[]): Promise<LessonRow[]> {
  return db
    .select()
    .from(lessonProgress)
    .where(inArray(lessonProgress.startId, [...startIds]));
}

export async function findLesson(db: Reader, startId: string, key: string): Promise<LessonRow | undefined> {
  const [row] = await db
    .select()
    .from(lessonProgress)
    .where(and(eq(lessonProgress.startId, startId), eq(lessonProgress.lessonKey, key)));
  return row;
}

/** Notes the first opening; a later one changes nothing. */
export async function insertLesson(db: Reader, row: typeof lessonProgress.$inferInsert): Promise<void> {
  await db.insert(lessonProgress).values(row).onConflictDoNothing();
}

export async function updateLesson(
  db: Reader,
  { startId, lessonKey }: Pick<LessonRow, 'startId' | 'lessonKey'>,
  changes: Partial<LessonRow>,
): Promise<void> {
  await db
    .update(lessonProgress)
    .set(changes)
    .where(and(eq(lessonProgress.startId, startId), eq(lessonProgress.lessonKey, lessonKey)));
}

export async function findLearner(db: Reader, personId: string): Promise<LearnerRow | undefined> {
  const [row] = await db.select().from(learners).where(eq(learners.personId, personId));
  return row;
}

export async function putLearner(db: Reader, row: LearnerRow): Promise<void> {
  await db.insert(learners).values(row).onConflictDoUpdate({ target: learners.personId, set: row });
}

export async function insertCompletion(
  db: Reader,
  row: typeof courseCompletions.$inferInsert,
): Promise<void> {
  await db.insert(courseCompletions).values(row);
}

/** Which of the courses with these keys the person has completed, in whatever copy. */
export async function listCompletedKeys(
  db: Reader,
  personId: string,
  keys: readonly string[],
): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const rows = await db
    .select({ key: courseCompletions.courseKey })
    .from(courseCompletions)
    .where(and(eq(courseCompletions.personId, personId), inArray(courseCompletions.courseKey, [...keys])));
  return new Set(rows.map(({ key }) => key));
}

/** False when it was answered before. */
export async function insertSurveyAnswers(
  db: Reader,
  row: typeof courseSurveyAnswers.$inferInsert,
): Promise<boolean> {
  const done = await db.insert(courseSurveyAnswers).values(row).onConflictDoNothing();
  return done.rowsAffected > 0;
}

/** How many are under way in a version. */
export async function countUnderWay(db: Reader, courseId: string): Promise<number> {
  return db.$count(courseStarts, and(eq(courseStarts.courseId, courseId), isNull(courseStarts.completedAt)));
}
