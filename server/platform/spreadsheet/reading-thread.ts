import { parentPort, workerData } from 'node:worker_threads';
import { SpreadsheetError, type SheetRow } from './contract.ts';
import { readTable } from './read-table.ts';
import type { ReadingAnswer, ReadingTask } from './open-table.ts';

/** Reads one file where a long one stops nobody, and hands its rows over a batch at a time, as they are asked for. */
const { bytes, columns, limits, rowsABatch } = workerData as ReadingTask;
const answer = (message: ReadingAnswer) => parentPort!.postMessage(message);

try {
  const { head, rows } = await readTable(bytes, columns, limits);
  let at = 0;
  parentPort!.on('message', () => {
    const batch: SheetRow[] = rows.slice(at, at + rowsABatch);
    at += batch.length;
    answer({ rows: batch });
  });
  answer({ head });
} catch (error) {
  if (!(error instanceof SpreadsheetError)) throw error;
  answer({ fault: error.fault, params: error.params });
}
