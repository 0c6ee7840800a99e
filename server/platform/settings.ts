import { eq } from 'drizzle-orm';
import { settings } from '../../drizzle/schema/platform.ts';
import type { Reader } from './database/open.ts';

/** A fact about this installation itself; undefined when it was never written. The writer of a key is its only reader. */
export async function readSetting<T>(db: Reader, key: string): Promise<T | undefined> {
  const [row] = await db.select().from(settings).where(eq(settings.key, key));
  return row?.value as T | undefined;
}

export async function writeSetting(db: Reader, key: string, value: unknown): Promise<void> {
  await db
    .insert(settings)
    .values({ key, value })
    .onConflictDoUpdate({ target: settings.key, set: { value } });
}
