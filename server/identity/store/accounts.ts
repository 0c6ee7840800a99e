import { eq, inArray } from 'drizzle-orm';
import { accounts, persons } from '../../../drizzle/schema/identity.ts';
import type { Reader } from '../../platform/database/open.ts';

export type AccountRow = typeof accounts.$inferSelect;

export async function findAccount(db: Reader, id: string): Promise<AccountRow | undefined> {
  const [row] = await db.select().from(accounts).where(eq(accounts.id, id));
  return row;
}

export async function findAccountBy(
  db: Reader,
  by: { username: string } | { phoneHash: string } | { personId: string },
): Promise<AccountRow | undefined> {
  const where =
    'username' in by
      ? eq(accounts.username, by.username)
      : 'phoneHash' in by
        ? eq(accounts.phoneHash, by.phoneHash)
        : eq(accounts.personId, by.personId);
  const [row] = await db.select().from(accounts).where(where);
  return row;
}

export async function insertAccount(db: Reader, row: AccountRow): Promise<void> {
  await db.insert(accounts).values(row);
}

export async function updateAccount(
  db: Reader,
  id: string,
  change: Partial<Pick<AccountRow, 'passwordHash' | 'displayName' | 'status'>>,
): Promise<void> {
  await db.update(accounts).set(change).where(eq(accounts.id, id));
}

/** What is needed to name the people behind accounts. */
export function findNamesOfAccounts(db: Reader, ids: readonly string[]) {
  return db
    .select({
      accountId: accounts.id,
      personId: accounts.personId,
      displayName: accounts.displayName,
      nameSealed: persons.nameSealed,
    })
    .from(accounts)
    .innerJoin(persons, eq(persons.id, accounts.personId))
    .where(inArray(accounts.id, [...ids]));
}
