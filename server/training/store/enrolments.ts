import { and, asc, count, desc, eq, inArray, isNull } from 'drizzle-orm';
import { enrolments } from '../../../drizzle/schema/training.ts';
import type { Reader } from '../../platform/database/open.ts';

export type EnrolmentRow = typeof enrolments.$inferSelect;

export async function findActiveEnrolment(
  db: Reader,
  runId: string,
  personId: string,
): Promise<EnrolmentRow | undefined> {
  const [row] = await db
    .select()
    .from(enrolments)
    .where(
      and(eq(enrolments.runId, runId), eq(enrolments.personId, personId), isNull(enrolments.cancelledAt)),
    );
  return row;
}

/** The active enrolments of these people in a run. */
export function listActiveEnrolmentsAmong(
  db: Reader,
  runId: string,
  personIds: string[],
): Promise<EnrolmentRow[]> {
  return db
    .select()
    .from(enrolments)
    .where(
      and(
        eq(enrolments.runId, runId),
        inArray(enrolments.personId, personIds),
        isNull(enrolments.cancelledAt),
      ),
    );
}

export async function countActiveEnrolments(db: Reader, runIds: string[]): Promise<Map<string, number>> {
  const rows = await db
    .select({ runId: enrolments.runId, total: count() })
    .from(enrolments)
    .where(and(inArray(enrolments.runId, runIds), isNull(enrolments.cancelledAt)))
    .groupBy(enrolments.runId);
  return new Map(rows.map((row) => [row.runId, row.total]));
}

/** The active enrolments of a run in the order they came; all of them without a slice. */
export function listActiveEnrolments(
  db: Reader,
  runId: string,
  slice: { limit: number; offset: number } = { limit: -1, offset: 0 },
): Promise<EnrolmentRow[]> {
  return db
    .select()
    .from(enrolments)
    .where(and(eq(enrolments.runId, runId), isNull(enrolments.cancelledAt)))
    .orderBy(asc(enrolments.id))
    .limit(slice.limit)
    .offset(slice.offset);
}

/** A person's active enrolments, the newest first. */
export function listEnrolmentsOfPerson(db: Reader, personId: string, limit: number): Promise<EnrolmentRow[]> {
  return db
    .select()
    .from(enrolments)
    .where(and(eq(enrolments.personId, personId), isNull(enrolments.cancelledAt)))
    .orderBy(desc(enrolments.id))
    .limit(limit);
}

export async function insertEnrolment(db: Reader, row: EnrolmentRow): Promise<void> {
  await db.insert(enrolments).values(row);
}

export async function setEnrolmentCancelled(db: Reader, id: string, cancelledAt: string): Promise<void> {
  await db.update(enrolments).set({ cancelledAt }).where(eq(enrolments.id, id));
}

export async function insertEnrolments(db: Reader, rows: EnrolmentRow[]): Promise<void> {
  await db.insert(enrolments).values(rows);
}

/** Who has a place in a run. */
export async function listActivePersonIds(db: Reader, runId: string): Promise<Set<string>> {
  const rows = await db
    .select({ personId: enrolments.personId })
    .from(enrolments)
    .where(and(eq(enrolments.runId, runId), isNull(enrolments.cancelledAt)));
  return new Set(rows.map((row) => row.personId));
}
