import { and, desc, eq, gt, isNull } from 'drizzle-orm';
import { apiTokens } from '../../../drizzle/schema/identity.ts';
import type { Reader } from '../../platform/database/open.ts';

export type TokenRow = typeof apiTokens.$inferSelect;

export async function findTokenByHash(db: Reader, tokenHash: string): Promise<TokenRow | undefined> {
  const [row] = await db.select().from(apiTokens).where(eq(apiTokens.tokenHash, tokenHash));
  return row;
}

export async function findToken(db: Reader, id: string): Promise<TokenRow | undefined> {
  const [row] = await db.select().from(apiTokens).where(eq(apiTokens.id, id));
  return row;
}

export function listLivingTokens(db: Reader, accountId: string, now: string): Promise<TokenRow[]> {
  return db
    .select()
    .from(apiTokens)
    .where(and(eq(apiTokens.accountId, accountId), isNull(apiTokens.revokedAt), gt(apiTokens.expiresAt, now)))
    .orderBy(desc(apiTokens.id));
}

export async function insertToken(db: Reader, row: TokenRow): Promise<void> {
  await db.insert(apiTokens).values(row);
}

/** Ends a token of the account, or all of them. Returns how many ended. */
export async function endTokens(
  db: Reader,
  accountId: string,
  revokedAt: string,
  id?: string,
): Promise<number> {
  const ended = await db
    .update(apiTokens)
    .set({ revokedAt })
    .where(
      and(
        eq(apiTokens.accountId, accountId),
        isNull(apiTokens.revokedAt),
        id === undefined ? undefined : eq(apiTokens.id, id),
      ),
    )
    .returning({ id: apiTokens.id });
  return ended.length;
}
