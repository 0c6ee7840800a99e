import { parentPort, workerData } from 'node:worker_threads';
import { ConnectionPool } from '@libsql/client/sqlite3';
import type { CheckpointAnswer, CheckpointRequest } from './checkpointer.ts';

/**
 * Moves what the write-ahead log holds into the database file, where waiting for the disk stops nobody. It has a
 * connection of its own, on which SQLite may wait for others.
 */
const { path } = workerData as { path: string };
const pool = new ConnectionPool(path, {}, 1);
const connection = pool.acquireSync();
for (const pragma of ['busy_timeout=250', 'synchronous=NORMAL', 'wal_autocheckpoint=0'])
  connection.prepare(`PRAGMA ${pragma}`).get();

const checkpoint = (mode: 'PASSIVE' | 'TRUNCATE') =>
  connection.prepare(`PRAGMA wal_checkpoint(${mode})`).get() as { busy: number };

function carryOut(request: CheckpointRequest): CheckpointAnswer {
  if (request === 'copy') return { emptied: checkpoint('PASSIVE').busy === 0 };
  if (checkpoint('TRUNCATE').busy !== 0) return { emptied: false };
  // The first frame after this makes SQLite sync the log's new header: it is written here and not by the next writer.
  const { user_version: version } = connection.prepare('PRAGMA user_version').get() as {
    user_version: number;
  };
  connection.prepare(`PRAGMA user_version=${version}`).run();
  return { emptied: true };
}

parentPort?.on('message', (request: CheckpointRequest | 'close') => {
  if (request === 'close') {
    pool.close();
    parentPort?.close();
    return;
  }
  parentPort?.postMessage(carryOut(request));
});
