import { and, count, desc, eq, inArray, isNull, like, or, type SQL } from 'drizzle-orm';
import { courses } from '../../../drizzle/schema/learning.ts';
import type { Reader } from '../../platform/database/open.ts';

export type CourseRow = typeof courses.$inferSelect;

/** What a list of courses is narrowed to. `text` is looked for in title and summary. */
export interface CourseFilter {
  text?: string;
  level?: string;
  ownerAccountId?: string;
}

export async function findCourse(db: Reader, id: string): Promise<CourseRow | undefined> {
  const [row] = await db.select().from(courses).where(eq(courses.id, id));
  return row;
}

export function listCoursesById(db: Reader, ids: string[]): Promise<CourseRow[]> {
  return db.select().from(courses).where(inArray(courses.id, ids));
}

export function listCourseRows(
  db: Reader,
  filter: CourseFilter,
  slice: { limit: number; offset: number },
): Promise<CourseRow[]> {
  return db
    .select()
    .from(courses)
    .where(matching(filter))
    .orderBy(desc(courses.id))
    .limit(slice.limit)
    .offset(slice.offset);
}

export async function countCourseRows(db: Reader, filter: CourseFilter): Promise<number> {
  const [row] = await db.select({ total: count() }).from(courses).where(matching(filter));
  return row?.total ?? 0;
}

export async function insertCourse(db: Reader, row: CourseRow): Promise<void> {
  await db.insert(courses).values(row);
}

export async function updateCourse(
  db: Reader,
  id: string,
  changes: Partial<typeof courses.$inferInsert>,
): Promise<void> {
  await db.update(courses).set(changes).where(eq(courses.id, id));
}

/** The copies of a course in a region that an account answers for, the oldest first. */
export async function findCourseByKey(
  db: Reader,
  where: { key: string; regionCode: string; ownerAccountId: string },
): Promise<CourseRow | undefined> {
  const [row] = await db
    .select()
    .from(courses)
    .where(
      and(
        eq(courses.key, where.key),
        eq(courses.regionCode, where.regionCode),
        eq(courses.ownerAccountId, where.ownerAccountId),
      ),
    )
    .orderBy(courses.id)
    .limit(1);
  return row;
}

/** Every copy of the courses with these keys, the oldest first. */
export function listCoursesByKey(db: Reader, keys: readonly string[]): Promise<CourseRow[]> {
  return db
    .select()
    .from(courses)
    .where(or(inArray(courses.key, [...keys]), and(isNull(courses.key), inArray(courses.id, [...keys]))))
    .orderBy(courses.id);
}

function matching({ text, level, ownerAccountId }: CourseFilter): SQL | undefined {
  const pattern = text === undefined ? undefined : `%${text.replace(/[%_]/g, '')}%`;
  return and(
    // Whoever looks through their own finds what they put away, too.
    ownerAccountId === undefined ? isNull(courses.archivedAt) : undefined,
    level === undefined ? undefined : eq(courses.level, level),
    ownerAccountId === undefined ? undefined : eq(courses.ownerAccountId, ownerAccountId),
    pattern === undefined ? undefined : or(like(courses.title, pattern), like(courses.summary, pattern)),
  );
}
