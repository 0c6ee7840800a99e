import { and, desc, eq } from 'drizzle-orm';
import { sheetPhotos, signInSheets } from '../../../drizzle/schema/training.ts';
import type { Reader } from '../../platform/database/open.ts';

export type SheetRow = typeof signInSheets.$inferSelect;
export type SheetPhotoRow = typeof sheetPhotos.$inferSelect;

export async function findSheet(db: Reader, code: string): Promise<SheetRow | undefined> {
  const [row] = await db.select().from(signInSheets).where(eq(signInSheets.code, code));
  return row;
}

/** The sheets of a session, the latest first. */
export function listSheets(db: Reader, sessionId: string): Promise<SheetRow[]> {
  return db
    .select()
    .from(signInSheets)
    .where(eq(signInSheets.sessionId, sessionId))
    .orderBy(desc(signInSheets.id));
}

export async function insertSheet(db: Reader, row: SheetRow): Promise<void> {
  await db.insert(signInSheets).values(row);
}

/** A photo with the session its sheet is of. */
export async function findSheetPhoto(
  db: Reader,
  id: string,
): Promise<{ photo: SheetPhotoRow; sessionId: string } | undefined> {
  const [row] = await db
    .select({ photo: sheetPhotos, sessionId: signInSheets.sessionId })
    .from(sheetPhotos)
    .innerJoin(signInSheets, eq(signInSheets.id, sheetPhotos.sheetId))
    .where(eq(sheetPhotos.id, id));
  return row;
}

export function listSheetPhotos(db: Reader, sheetId: string): Promise<SheetPhotoRow[]> {
  return db.select().from(sheetPhotos).where(eq(sheetPhotos.sheetId, sheetId)).orderBy(desc(sheetPhotos.id));
}

/** The photo as it stands: the same picture of a sheet is kept once. */
export async function putSheetPhoto(db: Reader, row: SheetPhotoRow): Promise<SheetPhotoRow> {
  await db.insert(sheetPhotos).values(row).onConflictDoNothing();
  const [standing] = await db
    .select()
    .from(sheetPhotos)
    .where(and(eq(sheetPhotos.sheetId, row.sheetId), eq(sheetPhotos.sha256, row.sha256)));
  return standing!;
}
