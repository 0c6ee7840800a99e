import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync, realpathSync } from 'node:fs';
import { createServer } from 'node:net';

/**
 * The data directory cannot be worked in: it cannot be made, or another hub works in it (two would recover and write
 * each other's recordings).
 */
export class DataDirError extends Error {}

/**
 * Takes the data directory for this process, until it ends however it ends. The lock is an abstract socket (Linux),
 * which the kernel frees with the process: nothing is left over after a crash.
 */
export function lockDataDir(dataDir: string): Promise<void> {
  makeDataDir(dataDir);
  const name = createHash('sha256').update(realpathSync(dataDir)).digest('hex');
  const lock = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    lock.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new DataDirError(
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

function makeDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true });
    accessSync(dataDir, constants.W_OK);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DataDirError(`DATA_DIR: ${dataDir} cannot be used as the data directory (${why})`, {
      cause: error,
    });
  }
}
