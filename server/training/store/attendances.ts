import { and, asc, eq, gt, inArray, isNull, lte } from 'drizzle-orm';
import { attendanceRefusals, attendances } from '../../../drizzle/schema/training.ts';
import type { Reader } from '../../platform/database/open.ts';

export type AttendanceRow = typeof attendances.$inferSelect;
export type RefusalRow = typeof attendanceRefusals.$inferSelect;

export async function findAttendance(db: Reader, id: string): Promise<AttendanceRow | undefined> {
  const [row] = await db.select().from(attendances).where(eq(attendances.id, id));
  return row;
}

/** True when the session has an attendance of the person, standing or voided. */
export async function hasAttendance(db: Reader, sessionId: string, personId: string): Promise<boolean> {
  const rows = await db
    .select({ id: attendances.id })
    .from(attendances)
    .where(and(eq(attendances.sessionId, sessionId), eq(attendances.personId, personId)))
    .limit(1);
  return rows.length > 0;
}

export function listStandingOfPerson(db: Reader, personId: string): Promise<AttendanceRow[]> {
  return db
    .select()
    .from(attendances)
    .where(and(eq(attendances.personId, personId), isNull(attendances.voidedAt)));
}

/** Attendances of some people in a run, voided ones too. */
export function listAttendancesOf(db: Reader, runId: string, personIds: string[]): Promise<AttendanceRow[]> {
  return db
    .select()
    .from(attendances)
    .where(and(eq(attendances.runId, runId), inArray(attendances.personId, personIds)));
}

export function listStandingOfRun(db: Reader, runId: string): Promise<AttendanceRow[]> {
  return db
    .select()
    .from(attendances)
    .where(and(eq(attendances.runId, runId), isNull(attendances.voidedAt)));
}

export function listAttendancesById(db: Reader, ids: string[]): Promise<AttendanceRow[]> {
  return db.select().from(attendances).where(inArray(attendances.id, ids));
}

/** Persons of a run by id: those after `after`, up to `last` where it is given. */
export interface PersonRange {
  runId: string;
  after: string;
  last: string | undefined;
}

export async function listAttendersOfRun(
  db: Reader,
  runId: string,
  after: string,
  limit: number,
): Promise<string[]> {
  const rows = await db
    .selectDistinct({ personId: attendances.personId })
    .from(attendances)
    .where(and(eq(attendances.runId, runId), gt(attendances.personId, after)))
    .orderBy(asc(attendances.personId))
    .limit(limit);
  return rows.map((row) => row.personId);
}

export function listAttendancesInRange(db: Reader, range: PersonRange): Promise<AttendanceRow[]> {
  return db
    .select()
    .from(attendances)
    .where(
      and(
        eq(attendances.runId, range.runId),
        gt(attendances.personId, range.after),
        range.last === undefined ? undefined : lte(attendances.personId, range.last),
      ),
    );
}

export async function insertAttendance(db: Reader, row: AttendanceRow): Promise<void> {
  await db.insert(attendances).values(row);
}

export async function setAttendanceVoided(
  db: Reader,
  id: string,
  voided: { voidedAt: string; voidedBy: string; voidReason: string },
): Promise<void> {
  await db.update(attendances).set(voided).where(eq(attendances.id, id));
}

/** Keeps a refusal; refused again, it names the attendance that now stands against it. */
export async function putRefusal(db: Reader, row: RefusalRow): Promise<void> {
  await db
    .insert(attendanceRefusals)
    .values(row)
    .onConflictDoUpdate({
      target: [attendanceRefusals.sessionId, attendanceRefusals.personId],
      set: { conflictingAttendanceId: row.conflictingAttendanceId },
    });
}

/** What was refused because of an attendance, in the order it happened. */
export function listRefusalsBecauseOf(db: Reader, attendanceId: string): Promise<RefusalRow[]> {
  return db
    .select()
    .from(attendanceRefusals)
    .where(eq(attendanceRefusals.conflictingAttendanceId, attendanceId))
    .orderBy(asc(attendanceRefusals.occurredAt), asc(attendanceRefusals.sessionId));
}

export function listRefusalsOf(db: Reader, sessionIds: string[], personIds: string[]): Promise<RefusalRow[]> {
  return db
    .select()
    .from(attendanceRefusals)
    .where(
      and(inArray(attendanceRefusals.sessionId, sessionIds), inArray(attendanceRefusals.personId, personIds)),
    );
}
