import { and, asc, eq, inArray, like } from 'drizzle-orm';
import { regions } from '../../drizzle/schema/regions.ts';
import type { Reader } from '../platform/database/open.ts';

export type RegionRow = typeof regions.$inferSelect;

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

export async function insertRegions(db: Reader, rows: RegionRow[]): Promise<void> {
  await db.insert(regions).values(rows).onConflictDoNothing();
}
