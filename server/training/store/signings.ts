import { and, count, countDistinct, eq, inArray, isNotNull, isNull } from 'drizzle-orm';
import { attendanceFlags, signings } from '../../../drizzle/schema/training.ts';
import type { Reader } from '../../platform/database/open.ts';

/** SQLite takes at most some thousand bound values in one statement. */
const ROWS_A_STATEMENT = 100;

export type SigningRow = typeof signings.$inferSelect;
export type FlagRow = typeof attendanceFlags.$inferSelect;

/** What these people signed in a session and was not voided. */
export function listSigningsIn(db: Reader, sessionId: string, personIds: string[]): Promise<SigningRow[]> {
  return db
    .select()
    .from(signings)
    .where(
      and(
        eq(signings.sessionId, sessionId),
        inArray(signings.personId, personIds),
        isNull(signings.voidedAt),
      ),
    );
}

/** What was signed in some sessions by some people and was not voided. */
export function listSigningsOf(db: Reader, sessionIds: string[], personIds: string[]): Promise<SigningRow[]> {
  return db
    .select()
    .from(signings)
    .where(
      and(
        inArray(signings.sessionId, sessionIds),
        inArray(signings.personId, personIds),
        isNull(signings.voidedAt),
      ),
    );
}

/** Whenever these people signed out, of any session. */
export function listSignOutsOf(
  db: Reader,
  personIds: string[],
): Promise<Pick<SigningRow, 'sessionId' | 'personId' | 'signedAt'>[]> {
  return db
    .select({ sessionId: signings.sessionId, personId: signings.personId, signedAt: signings.signedAt })
    .from(signings)
    .where(and(inArray(signings.personId, personIds), eq(signings.kind, 'out'), isNull(signings.voidedAt)));
}

/** How many have signed in and out of a session. */
export async function countSignings(db: Reader, sessionId: string): Promise<{ in: number; out: number }> {
  const rows = await db
    .select({ kind: signings.kind, total: count() })
    .from(signings)
    .where(and(eq(signings.sessionId, sessionId), isNull(signings.voidedAt)))
    .groupBy(signings.kind);
  const of = (kind: SigningRow['kind']) => rows.find((row) => row.kind === kind)?.total ?? 0;
  return { in: of('in'), out: of('out') };
}

export async function insertSignings(db: Reader, rows: SigningRow[]): Promise<void> {
  for (let at = 0; at < rows.length; at += ROWS_A_STATEMENT)
    await db.insert(signings).values(rows.slice(at, at + ROWS_A_STATEMENT));
}

/** Voids what a person signed in a session: their attendance was voided. */
export async function setSigningsVoided(
  db: Reader,
  sessionId: string,
  personId: string,
  voidedAt: string,
): Promise<void> {
  await db
    .update(signings)
    .set({ voidedAt })
    .where(
      and(eq(signings.sessionId, sessionId), eq(signings.personId, personId), isNull(signings.voidedAt)),
    );
}

/** The phones that more than one of a session's people signed with, of those given: who, and how many in all. */
export async function listSharers(
  db: Reader,
  sessionId: string,
  deviceHashes: string[],
): Promise<{ personId: string; people: number }[]> {
  if (deviceHashes.length === 0) return [];
  const here = and(
    eq(signings.sessionId, sessionId),
    inArray(signings.deviceHash, deviceHashes),
    isNotNull(signings.deviceHash),
    isNull(signings.voidedAt),
  );
  const shared = await db
    .select({ deviceHash: signings.deviceHash, people: countDistinct(signings.personId) })
    .from(signings)
    .where(here)
    .groupBy(signings.deviceHash);
  const peopleOn = new Map(shared.map((row) => [row.deviceHash, row.people]));
  const rows = await db
    .selectDistinct({ personId: signings.personId, deviceHash: signings.deviceHash })
    .from(signings)
    .where(here);
  return rows.flatMap(({ personId, deviceHash }) => {
    const people = peopleOn.get(deviceHash) ?? 0;
    return people > 1 ? [{ personId, people }] : [];
  });
}

/** Raises flags; raised already, the amount is the present one. */
export async function putFlags(db: Reader, rows: FlagRow[]): Promise<void> {
  for (const row of rows)
    await db
      .insert(attendanceFlags)
      .values(row)
      .onConflictDoUpdate({
        target: [attendanceFlags.sessionId, attendanceFlags.personId, attendanceFlags.kind],
        set: { amount: row.amount },
      });
}

export function listFlagsOf(db: Reader, sessionIds: string[], personIds: string[]): Promise<FlagRow[]> {
  return db
    .select()
    .from(attendanceFlags)
    .where(and(inArray(attendanceFlags.sessionId, sessionIds), inArray(attendanceFlags.personId, personIds)));
}
