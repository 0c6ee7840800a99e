import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync } from 'node:fs';
import { createServer } from 'node:net';

/** Another hub works in the data directory: two would recover and write each other's recordings. */
export class DataDirBusyError extends Error {}

/**
 * Takes the data directory for this process, until it ends however it ends. The lock is an abstract socket (Linux),
 * which the kernel frees with the process: nothing is left over after a crash.
 */
export function lockDataDir(dataDir: string): Promise<void> {
  mkdirSync(dataDir, { recursive: true });
  const name = createHash('sha256').update(realpathSync(dataDir)).digest('hex');
  const lock = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    lock.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new DataDirBusyError(
              `Another Xiangbo works in ${dataDir}. End it, or choose another directory: DATA_DIR=./other npm start`,
            )
          : error,
      ),
    );
    lock.listen(`\0xiangbo-${name}`, () => {
      lock.unref();
      resolve();
    });
  });
}
