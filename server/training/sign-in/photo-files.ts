import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HubError } from '../../platform/errors.ts';

/** Where photos of sheets lie: by the hash of their bytes, so that the same one lies there once. */
export function openPhotoFiles(dir: string) {
  const pathOf = (sha256: string) => join(dir, sha256.slice(0, 2), sha256);
  return {
    /** On the disk when it resolves. */
    async keep(sha256: string, bytes: Buffer): Promise<void> {
      const path = pathOf(sha256);
      await mkdir(dirname(path), { recursive: true });
      const part = `${path}.${randomUUID()}.part`;
      try {
        const file = await open(part, 'wx', 0o600);
        try {
          await file.writeFile(bytes);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(part, path);
      } catch (error) {
        await rm(part, { force: true });
        throw error;
      }
    },
    /** Throws `not-found`. */
    async read(sha256: string): Promise<Buffer> {
      return readFile(pathOf(sha256)).catch((error: NodeJS.ErrnoException) => {
        throw error.code === 'ENOENT' ? new HubError('not-found') : error;
      });
    },
  };
}
