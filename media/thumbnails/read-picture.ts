import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredPicture } from '../contract.ts';

/** Null where there is none. */
export async function readPicture(storageDir: string, key: string): Promise<StoredPicture | null> {
  try {
    await using handle = await open(join(storageDir, key));
    const { mtimeMs } = await handle.stat();
    return { bytes: await handle.readFile(), takenAtMs: Math.floor(mtimeMs) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
