import { and, asc, eq, gt, isNull } from 'drizzle-orm';
import { accounts, persons, roleGrants } from '../../../drizzle/schema/identity.ts';
import type { Grant, Role } from '../../platform/access/actor.ts';
import type { Reader } from '../../platform/database/open.ts';
import { underAnyOf } from './under.ts';

export type GrantRow = typeof roleGrants.$inferSelect;

/** What an account holds now. */
export async function findGrantsOf(db: Reader, accountId: string): Promise<Grant[]> {
  const rows = await db
    .select({ role: roleGrants.role, regionCode: roleGrants.regionCode })
    .from(roleGrants)
    .where(and(eq(roleGrants.accountId, accountId), isNull(roleGrants.revokedAt)));
  // Written by our own verbs only, which take a Role.
  return rows as Grant[];
}

export async function findGrant(db: Reader, id: string): Promise<GrantRow | undefined> {
  const [row] = await db.select().from(roleGrants).where(eq(roleGrants.id, id));
  return row;
}

/** Standing grants of a role for exactly this region; of any account, or of one. */
export function findStandingGrants(
  db: Reader,
  held: { role: Role; regionCode?: string; accountId?: string },
): Promise<GrantRow[]> {
  return db
    .select()
    .from(roleGrants)
    .where(
      and(
        eq(roleGrants.role, held.role),
        held.regionCode === undefined ? undefined : eq(roleGrants.regionCode, held.regionCode),
        held.accountId === undefined ? undefined : eq(roleGrants.accountId, held.accountId),
        isNull(roleGrants.revokedAt),
      ),
    );
}

export async function insertGrant(db: Reader, row: typeof roleGrants.$inferInsert): Promise<void> {
  await db.insert(roleGrants).values(row);
}

export async function endGrant(
  db: Reader,
  id: string,
  end: { revokedAt: string; revokedBy: string },
): Promise<void> {
  await db.update(roleGrants).set(end).where(eq(roleGrants.id, id));
}

/** Standing grants for regions under one of the prefixes (`''` is everywhere), oldest first, with whose they are. */
export function listGrantRows(
  db: Reader,
  filter: { prefixes: readonly string[]; role?: Role; username?: string; afterId?: string; limit: number },
) {
  return db
    .select({
      grant: roleGrants,
      username: accounts.username,
      personId: accounts.personId,
      nameSealed: persons.nameSealed,
    })
    .from(roleGrants)
    .innerJoin(accounts, eq(accounts.id, roleGrants.accountId))
    .innerJoin(persons, eq(persons.id, accounts.personId))
    .where(
      and(
        isNull(roleGrants.revokedAt),
        underAnyOf(roleGrants.regionCode, filter.prefixes),
        filter.role === undefined ? undefined : eq(roleGrants.role, filter.role),
        filter.username === undefined ? undefined : eq(accounts.username, filter.username),
        filter.afterId === undefined ? undefined : gt(roleGrants.id, filter.afterId),
      ),
    )
    .orderBy(asc(roleGrants.id))
    .limit(filter.limit);
}
