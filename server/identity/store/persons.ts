import { and, asc, eq, gt, inArray, isNull, or, type SQL } from 'drizzle-orm';
import { accounts, consents, persons } from '../../../drizzle/schema/identity.ts';
import type { Reader } from '../../platform/database/open.ts';
import { underAnyOf } from './under.ts';

export type PersonRow = typeof persons.$inferSelect;
export type NewPersonRow = typeof persons.$inferInsert;
export type NewConsentRow = typeof consents.$inferInsert;

/** SQLite takes at most some thousand bound values; ids are asked for in parts of this size. */
export const IDS_A_QUERY = 500;

export async function findPerson(db: Reader, id: string): Promise<PersonRow | undefined> {
  const [row] = await db.select().from(persons).where(eq(persons.id, id));
  return row;
}

export async function findPersonByIdNumber(db: Reader, hash: string): Promise<PersonRow | undefined> {
  const [row] = await db.select().from(persons).where(eq(persons.idNumberHash, hash));
  return row;
}

export async function findPersonByDocument(db: Reader, hash: string): Promise<PersonRow | undefined> {
  const [row] = await db.select().from(persons).where(eq(persons.documentHash, hash));
  return row;
}

/** Whoever has both this name and this phone. */
export async function findPersonIdsBy(
  db: Reader,
  hashes: { nameHash: string; phoneHash: string },
): Promise<string[]> {
  const rows = await db
    .select({ id: persons.id })
    .from(persons)
    .where(
      and(
        eq(persons.phoneHash, hashes.phoneHash),
        eq(persons.nameHash, hashes.nameHash),
        isNull(persons.erasedAt),
        isNull(persons.mergedInto),
      ),
    )
    .orderBy(asc(persons.id));
  return rows.map((row) => row.id);
}

export async function findPersonRows(db: Reader, ids: readonly string[]): Promise<PersonRow[]> {
  const rows: PersonRow[] = [];
  for (let at = 0; at < ids.length; at += IDS_A_QUERY) {
    const part = ids.slice(at, at + IDS_A_QUERY);
    rows.push(...(await db.select().from(persons).where(inArray(persons.id, part))));
  }
  return rows;
}

/** Persons by the keyed hashes of a number; several may share a phone. */
export async function findPersonRowsBy(
  db: Reader,
  column: 'idNumberHash' | 'phoneHash',
  hashes: readonly string[],
): Promise<PersonRow[]> {
  const rows: PersonRow[] = [];
  for (let at = 0; at < hashes.length; at += IDS_A_QUERY) {
    const part = hashes.slice(at, at + IDS_A_QUERY);
    rows.push(...(await db.select().from(persons).where(inArray(persons[column], part))));
  }
  return rows;
}

export async function insertPersons(db: Reader, rows: NewPersonRow[]): Promise<void> {
  await db.insert(persons).values(rows);
}

export async function insertPerson(db: Reader, row: NewPersonRow): Promise<void> {
  await db.insert(persons).values(row);
}

export async function updatePerson(
  db: Reader,
  id: string,
  change: Partial<Omit<NewPersonRow, 'id'>>,
): Promise<void> {
  await db.update(persons).set(change).where(eq(persons.id, id));
}

export async function insertConsents(db: Reader, rows: NewConsentRow[]): Promise<void> {
  await db.insert(consents).values(rows);
}

/** One of these must match: exact values only, for names and numbers are found by keyed hash. */
export interface PersonSearch {
  nameHash?: string;
  phoneHash?: string;
  idNumberHash?: string;
  username?: string;
  /** Any of these. */
  documentHashes?: string[];
}

/** Persons whose home lies under one of the prefixes (`''` is everywhere), by id, which is by when they were registered. */
export async function listPersonRows(
  db: Reader,
  filter: { prefixes: readonly string[]; search?: PersonSearch; afterId?: string; limit: number },
): Promise<{ person: PersonRow; username: string | null }[]> {
  const { search } = filter;
  const matches: SQL[] = [];
  if (search?.nameHash) matches.push(eq(persons.nameHash, search.nameHash));
  if (search?.phoneHash) matches.push(eq(persons.phoneHash, search.phoneHash));
  if (search?.idNumberHash) matches.push(eq(persons.idNumberHash, search.idNumberHash));
  if (search?.documentHashes?.length) matches.push(inArray(persons.documentHash, search.documentHashes));
  if (search?.username) matches.push(eq(accounts.username, search.username));
  const rows = await db
    .select({ person: persons, username: accounts.username })
    .from(persons)
    .leftJoin(accounts, eq(accounts.personId, persons.id))
    .where(
      and(
        isNull(persons.erasedAt),
        underAnyOf(persons.homeRegionCode, filter.prefixes),
        search ? or(...matches) : undefined,
        filter.afterId === undefined ? undefined : gt(persons.id, filter.afterId),
      ),
    )
    .orderBy(asc(persons.id))
    .limit(filter.limit);
  return rows;
}
