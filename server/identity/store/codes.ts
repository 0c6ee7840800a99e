import { and, desc, eq, gt, isNull, sql } from 'drizzle-orm';
import { oneTimeCodes } from '../../../drizzle/schema/identity.ts';
import type { Reader } from '../../platform/database/open.ts';

export type CodeRow = typeof oneTimeCodes.$inferSelect;
type Purpose = CodeRow['purpose'];

export async function insertCode(db: Reader, row: typeof oneTimeCodes.$inferInsert): Promise<void> {
  await db.insert(oneTimeCodes).values(row);
}

/** The code of the account that is neither used nor expired, the newest if several. */
export async function findOpenCodeOf(
  db: Reader,
  accountId: string,
  now: string,
): Promise<CodeRow | undefined> {
  const [row] = await db
    .select()
    .from(oneTimeCodes)
    .where(
      and(
        eq(oneTimeCodes.purpose, 'password-reset'),
        eq(oneTimeCodes.accountId, accountId),
        isNull(oneTimeCodes.usedAt),
        gt(oneTimeCodes.expiresAt, now),
      ),
    )
    .orderBy(desc(oneTimeCodes.id))
    .limit(1);
  return row;
}

export async function findOpenCode(
  db: Reader,
  purpose: Purpose,
  codeHash: string,
  now: string,
): Promise<CodeRow | undefined> {
  const [row] = await db
    .select()
    .from(oneTimeCodes)
    .where(
      and(
        eq(oneTimeCodes.purpose, purpose),
        eq(oneTimeCodes.codeHash, codeHash),
        isNull(oneTimeCodes.usedAt),
        gt(oneTimeCodes.expiresAt, now),
      ),
    );
  return row;
}

export async function markCodeUsed(db: Reader, id: string, usedAt: string): Promise<void> {
  await db.update(oneTimeCodes).set({ usedAt }).where(eq(oneTimeCodes.id, id));
}

/** Ends every open code of a purpose, or only an account's: a new one is always the only one. */
export async function endOpenCodes(
  db: Reader,
  purpose: Purpose,
  endedAt: string,
  accountId?: string,
): Promise<void> {
  await db
    .update(oneTimeCodes)
    .set({ usedAt: endedAt })
    .where(
      and(
        eq(oneTimeCodes.purpose, purpose),
        isNull(oneTimeCodes.usedAt),
        accountId === undefined ? undefined : eq(oneTimeCodes.accountId, accountId),
      ),
    );
}

export async function countFailedAttempt(db: Reader, id: string): Promise<void> {
  await db
    .update(oneTimeCodes)
    .set({ failedAttempts: sql`${oneTimeCodes.failedAttempts} + 1` })
    .where(eq(oneTimeCodes.id, id));
}
