import {
  aliasedTable,
  and,
  asc,
  eq,
  gt,
  inArray,
  isNotNull,
  isNull,
  lt,
  notExists,
  or,
  sql,
} from 'drizzle-orm';
import { personMerges, persons, personsApart } from '../../../drizzle/schema/identity.ts';
import type { Reader } from '../../platform/database/open.ts';
import { IDS_A_QUERY, type PersonRow } from './persons.ts';
import { underAnyOf } from './under.ts';

export type MergeRow = typeof personMerges.$inferSelect;

export async function insertMerge(db: Reader, row: MergeRow): Promise<void> {
  await db.insert(personMerges).values(row);
}

export async function findStandingMerge(db: Reader, personId: string): Promise<MergeRow | undefined> {
  const [row] = await db
    .select()
    .from(personMerges)
    .where(and(eq(personMerges.personId, personId), isNull(personMerges.undoneAt)));
  return row;
}

/** True when others stand merged into the person. */
export async function hasMerged(db: Reader, personId: string): Promise<boolean> {
  const rows = await db
    .select({ id: personMerges.id })
    .from(personMerges)
    .where(and(eq(personMerges.intoPersonId, personId), isNull(personMerges.undoneAt)))
    .limit(1);
  return rows.length > 0;
}

export async function setMergeUndone(
  db: Reader,
  id: string,
  undone: { undoneAt: string; undoneBy: string },
): Promise<void> {
  await db.update(personMerges).set(undone).where(eq(personMerges.id, id));
}

/** Merges that touch these persons, undone ones too. */
export async function listMergesOf(db: Reader, personIds: readonly string[]): Promise<MergeRow[]> {
  const rows = new Map<string, MergeRow>();
  for (let at = 0; at < personIds.length; at += IDS_A_QUERY) {
    const part = personIds.slice(at, at + IDS_A_QUERY);
    const found = await db
      .select()
      .from(personMerges)
      .where(or(inArray(personMerges.personId, part), inArray(personMerges.intoPersonId, part)));
    for (const row of found) rows.set(row.id, row);
  }
  return [...rows.values()];
}

export function listMergesById(db: Reader, ids: readonly string[]): Promise<MergeRow[]> {
  return db
    .select()
    .from(personMerges)
    .where(inArray(personMerges.id, [...ids]));
}

/**
 * Pairs of one name under the prefixes that share a phone or a home, or both have an ID number, by the pair's first id.
 * Left out: who is merged or erased, and pairs that were found to be two.
 */
export async function listPairs(
  db: Reader,
  filter: { prefixes: readonly string[]; afterId?: string; limit: number },
): Promise<[PersonRow, PersonRow][]> {
  const other = aliasedTable(persons, 'other');
  const rows = await db
    .select({ person: persons, other })
    .from(persons)
    .innerJoin(other, and(eq(other.nameHash, persons.nameHash), lt(persons.id, other.id)))
    .where(
      and(
        isNull(persons.mergedInto),
        isNull(other.mergedInto),
        isNull(persons.erasedAt),
        isNull(other.erasedAt),
        underAnyOf(persons.homeRegionCode, filter.prefixes),
        underAnyOf(other.homeRegionCode, filter.prefixes),
        or(
          eq(persons.phoneHash, other.phoneHash),
          eq(persons.homeRegionCode, other.homeRegionCode),
          and(isNotNull(persons.idNumberHash), isNotNull(other.idNumberHash)),
        ),
        filter.afterId === undefined ? undefined : gt(persons.id, filter.afterId),
        notExists(
          db
            .select({ one: sql`1` })
            .from(personsApart)
            .where(and(eq(personsApart.personId, persons.id), eq(personsApart.otherPersonId, other.id))),
        ),
      ),
    )
    .orderBy(asc(persons.id), asc(other.id))
    .limit(filter.limit);
  return rows.map((row) => [row.person, row.other]);
}

export async function putApart(db: Reader, row: typeof personsApart.$inferInsert): Promise<void> {
  await db.insert(personsApart).values(row).onConflictDoNothing();
}
