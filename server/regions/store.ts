import { and, asc, eq, inArray, like, sql } from 'drizzle-orm';
import { regions } from '../../drizzle/schema/regions.ts';
import type { Reader } from '../platform/database/open.ts';

export type RegionRow = typeof regions.$inferSelect;
export type NewRegionRow = typeof regions.$inferInsert;

export async function findRegion(db: Reader, code: string): Promise<RegionRow | undefined> {
  const [row] = await db.select().from(regions).where(eq(regions.code, code));
  return row;
}

export function listRegionsByCode(db: Reader, codes: string[]): Promise<RegionRow[]> {
  return db.select().from(regions).where(inArray(regions.code, codes));
}

/** The regions directly under one of these. */
export function listRegionsUnder(db: Reader, parentCodes: string[]): Promise<RegionRow[]> {
  return db.select().from(regions).where(inArray(regions.parentCode, parentCodes)).orderBy(asc(regions.code));
}

export function listRegionRows(
  db: Reader,
  filter: { parentCode?: string; prefix?: string },
): Promise<RegionRow[]> {
  return db
    .select()
    .from(regions)
    .where(
      and(
        filter.parentCode === undefined ? undefined : eq(regions.parentCode, filter.parentCode),
        filter.prefix === undefined ? undefined : like(regions.code, `${filter.prefix}%`),
      ),
    )
    .orderBy(asc(regions.code));
}

export async function insertRegions(db: Reader, rows: NewRegionRow[]): Promise<void> {
  await db.insert(regions).values(rows).onConflictDoNothing();
}

export async function upsertRegions(db: Reader, rows: NewRegionRow[]): Promise<void> {
  const { name, outOfPoverty, outOfPovertyOn } = regions;
  await db
    .insert(regions)
    .values(rows)
    .onConflictDoUpdate({
      target: regions.code,
      set: {
        name: sql`excluded.${sql.identifier(name.name)}`,
        outOfPoverty: sql`excluded.${sql.identifier(outOfPoverty.name)}`,
        outOfPovertyOn: sql`excluded.${sql.identifier(outOfPovertyOn.name)}`,
      },
    });
}

export async function updateRegion(
  db: Reader,
  code: string,
  change: Partial<Omit<RegionRow, 'code'>>,
): Promise<void> {
  await db.update(regions).set(change).where(eq(regions.code, code));
}
