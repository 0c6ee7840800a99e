import { and, asc, eq, inArray, lt, ne } from 'drizzle-orm';
import { importRows, imports } from '../../../drizzle/schema/imports.ts';
import type { Reader } from '../database/open.ts';

export type ImportRecord = typeof imports.$inferSelect;
export type ImportRowRecord = typeof importRows.$inferSelect;

export async function insertImport(db: Reader, row: ImportRecord): Promise<void> {
  await db.insert(imports).values(row);
}

export async function insertImportRows(db: Reader, rows: ImportRowRecord[]): Promise<void> {
  await db.insert(importRows).values(rows);
}

export async function findImport(db: Reader, id: string): Promise<ImportRecord | undefined> {
  const [row] = await db.select().from(imports).where(eq(imports.id, id));
  return row;
}

/** The import of this very file into this target, if it was ever carried out. */
export async function findDoneImport(
  db: Reader,
  which: Pick<ImportRecord, 'kind' | 'target' | 'fileHash'>,
): Promise<ImportRecord | undefined> {
  const [row] = await db
    .select()
    .from(imports)
    .where(
      and(
        eq(imports.kind, which.kind),
        eq(imports.target, which.target),
        eq(imports.fileHash, which.fileHash),
        eq(imports.state, 'done'),
      ),
    );
  return row;
}

export async function updateImport(
  db: Reader,
  id: string,
  change: Partial<Omit<ImportRecord, 'id'>>,
): Promise<void> {
  await db.update(imports).set(change).where(eq(imports.id, id));
}

export function listImportRows(db: Reader, importId: string): Promise<ImportRowRecord[]> {
  return db
    .select()
    .from(importRows)
    .where(eq(importRows.importId, importId))
    .orderBy(asc(importRows.number));
}

export async function findImportRow(
  db: Reader,
  importId: string,
  number: number,
): Promise<ImportRowRecord | undefined> {
  const [row] = await db
    .select()
    .from(importRows)
    .where(and(eq(importRows.importId, importId), eq(importRows.number, number)));
  return row;
}

export async function updateImportRow(
  db: Reader,
  { importId, number }: Pick<ImportRowRecord, 'importId' | 'number'>,
  change: Partial<Pick<ImportRowRecord, 'cellsSealed' | 'skipped'>>,
): Promise<void> {
  await db
    .update(importRows)
    .set(change)
    .where(and(eq(importRows.importId, importId), eq(importRows.number, number)));
}

export async function deleteImportRows(db: Reader, importIds: string[]): Promise<void> {
  await db.delete(importRows).where(inArray(importRows.importId, importIds));
}

export async function deleteImports(db: Reader, ids: string[]): Promise<void> {
  await db.delete(imports).where(inArray(imports.id, ids));
}

/** Those of some imports that were not carried out. */
export async function listOpen(db: Reader, ids: string[]): Promise<string[]> {
  const rows = await db
    .select({ id: imports.id })
    .from(imports)
    .where(and(inArray(imports.id, ids), ne(imports.state, 'done')));
  return rows.map((row) => row.id);
}

/** Imports that were begun before an instant and never carried out. */
export async function listAbandoned(db: Reader, before: string, limit: number): Promise<string[]> {
  const rows = await db
    .select({ id: imports.id })
    .from(imports)
    .where(and(ne(imports.state, 'done'), lt(imports.createdAt, before)))
    .limit(limit);
  return rows.map((row) => row.id);
}
