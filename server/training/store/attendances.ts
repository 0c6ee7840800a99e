import { and, asc, eq, gt, inArray, isNull, lte } from 'drizzle-orm';
import { attendanceRefusals, attendances } from '../../../drizzle/schema/training.ts';
import type { Reader } from '../../platform/database/open.ts';

/** SQLite takes at most some thousand bound values in one statement. */
const ROWS_A_STATEMENT = 100;

export type AttendanceRow = typeof attendances.$inferSelect;
export type AttendanceMethod = AttendanceRow['method'];
export type RefusalRow = typeof attendanceRefusals.$inferSelect;

export async function findAttendance(db: Reader, id: string): Promise<AttendanceRow | undefined> {
  const [row] = await db.select().from(attendances).where(eq(attendances.id, id));
  return row;
}

/** Attendances of some people in a session, voided ones too. */
export function listAttendancesIn(
  db: Reader,
  sessionId: string,
  personIds: string[],
): Promise<AttendanceRow[]> {
  return db
    .select()
    .from(attendances)
    .where(and(eq(attendances.sessionId, sessionId), inArray(attendances.personId, personIds)));
}

/** What stands of these people, in any session. */
export function listStandingOfPersons(db: Reader, personIds: string[]): Promise<AttendanceRow[]> {
  return db
    .select()
    .from(attendances)
    .where(and(inArray(attendances.personId, personIds), isNull(attendances.voidedAt)));
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

export async function insertAttendances(db: Reader, rows: AttendanceRow[]): Promise<void> {
  for (let at = 0; at < rows.length; at += ROWS_A_STATEMENT)
    await db.insert(attendances).values(rows.slice(at, at + ROWS_A_STATEMENT));
}

export async function setAttendanceVoided(
  db: Reader,
  id: string,
  voided: { voidedAt: string; voidedBy: string; voidReason: string },
): Promise<void> {
  await db.update(attendances).set(voided).where(eq(attendances.id, id));
}

/** Keeps a refusal; refused again, it says what was claimed last and what stands against it now. */
export async function putRefusal(db: Reader, row: RefusalRow): Promise<void> {
  const { sessionId: _session, personId: _person, ...claimed } = row;
  await db
    .insert(attendanceRefusals)
    .values(row)
    .onConflictDoUpdate({
      target: [attendanceRefusals.sessionId, attendanceRefusals.personId],
      set: claimed,
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
