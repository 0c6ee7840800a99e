import { and, eq, inArray, isNull } from 'drizzle-orm';
import { accounts, persons, roleGrants } from '../../../drizzle/schema/identity.ts';
import type { Grant, Role } from '../../platform/access/actor.ts';
import type { Reader } from '../../platform/database/open.ts';

export type AccountRow = typeof accounts.$inferSelect;

export async function findAccount(db: Reader, id: string): Promise<AccountRow | undefined> {
  const [row] = await db.select().from(accounts).where(eq(accounts.id, id));
  return row;
}

/** An account with what it holds now, in one question: it is asked at every request. */
export async function findAccountWithGrants(
  db: Reader,
  id: string,
): Promise<{ personId: string; status: AccountRow['status']; grants: Grant[] } | undefined> {
  const rows = await db
    .select({
      personId: accounts.personId,
      status: accounts.status,
      role: roleGrants.role,
      regionCode: roleGrants.regionCode,
    })
    .from(accounts)
    .leftJoin(roleGrants, and(eq(roleGrants.accountId, accounts.id), isNull(roleGrants.revokedAt)))
    .where(eq(accounts.id, id));
  const [first] = rows;
  if (!first) return undefined;
  // Written by our own verbs only, which take a Role.
  const grants = rows.flatMap(({ role, regionCode }) =>
    role === null || regionCode === null ? [] : [{ role: role as Role, regionCode }],
  );
  return { personId: first.personId, status: first.status, grants };
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
