import { and, asc, inArray, isNull } from 'drizzle-orm';
import { personAudiences } from '../../../drizzle/schema/identity.ts';
import type { Reader } from '../../platform/database/open.ts';
import { IDS_A_QUERY } from './persons.ts';

export type PersonAudienceRow = typeof personAudiences.$inferSelect;
export type NewAudienceRow = typeof personAudiences.$inferInsert;

export async function insertAudiences(db: Reader, rows: NewAudienceRow[]): Promise<void> {
  if (rows.length > 0) await db.insert(personAudiences).values(rows);
}

/** The categories of persons that are not voided, in the order they were recorded. */
export async function listAudiencesOf(
  db: Reader,
  personIds: readonly string[],
): Promise<PersonAudienceRow[]> {
  const rows: PersonAudienceRow[] = [];
  for (let at = 0; at < personIds.length; at += IDS_A_QUERY) {
    const part = personIds.slice(at, at + IDS_A_QUERY);
    rows.push(
      ...(await db
        .select()
        .from(personAudiences)
        .where(and(inArray(personAudiences.personId, part), isNull(personAudiences.voidedAt)))
        .orderBy(asc(personAudiences.id))),
    );
  }
  return rows;
}
