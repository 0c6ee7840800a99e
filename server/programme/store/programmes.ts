import { asc, count, desc, eq, inArray } from 'drizzle-orm';
import { indicatorTargets, programmeRegions, programmes } from '../../../drizzle/schema/programme.ts';
import type { Reader } from '../../platform/database/open.ts';

export type ProgrammeRow = typeof programmes.$inferSelect;
export type TargetRow = typeof indicatorTargets.$inferSelect;

export async function findProgramme(db: Reader, id: string): Promise<ProgrammeRow | undefined> {
  const [row] = await db.select().from(programmes).where(eq(programmes.id, id));
  return row;
}

export function listProgrammeRows(
  db: Reader,
  slice: { limit: number; offset: number },
): Promise<ProgrammeRow[]> {
  return db.select().from(programmes).orderBy(desc(programmes.id)).limit(slice.limit).offset(slice.offset);
}

export async function countProgrammeRows(db: Reader): Promise<number> {
  const [row] = await db.select({ total: count() }).from(programmes);
  return row?.total ?? 0;
}

export function listProgrammesCopiedFrom(db: Reader, catalogueId: string): Promise<ProgrammeRow[]> {
  return db.select().from(programmes).where(eq(programmes.catalogueId, catalogueId));
}

/** The region codes of programmes, by programme. */
export async function listRegionsOf(db: Reader, programmeIds: string[]): Promise<Map<string, string[]>> {
  const rows = await db
    .select()
    .from(programmeRegions)
    .where(inArray(programmeRegions.programmeId, programmeIds))
    .orderBy(asc(programmeRegions.regionCode));
  const byProgramme = Map.groupBy(rows, (row) => row.programmeId);
  return new Map([...byProgramme].map(([id, group]) => [id, group.map((row) => row.regionCode)]));
}

export function listTargets(db: Reader, programmeId: string): Promise<TargetRow[]> {
  return db.select().from(indicatorTargets).where(eq(indicatorTargets.programmeId, programmeId));
}

export async function insertProgramme(
  db: Reader,
  row: ProgrammeRow,
  regionCodes: string[],
  targets: TargetRow[],
): Promise<void> {
  await db.insert(programmes).values(row);
  await db
    .insert(programmeRegions)
    .values(regionCodes.map((regionCode) => ({ programmeId: row.id, regionCode })));
  if (targets.length > 0) await db.insert(indicatorTargets).values(targets);
}
