import { Worker } from 'node:worker_threads';
import {
  SpreadsheetError,
  type ColumnNames,
  type SheetRow,
  type SpreadsheetFault,
  type TableHead,
} from './contract.ts';
import { READ_LIMITS, type ReadLimits } from './limits.ts';

/** What the reading thread is started with. */
export interface ReadingTask {
  bytes: Uint8Array;
  columns: readonly ColumnNames[];
  limits: ReadLimits;
  rowsABatch: number;
}

/** What the reading thread answers: first a head or a fault, then rows each time it is asked. */
export type ReadingAnswer =
  | { head: TableHead }
  | { rows: SheetRow[] }
  | { fault: SpreadsheetFault; params: Record<string, string | number> };

/** A table being read. `close` frees the thread; it is idempotent and must be called. */
export interface OpenTable {
  head: TableHead;
  batches(): AsyncIterable<SheetRow[]>;
  close(): Promise<void>;
}

const THREAD = new URL('./reading-thread.ts', import.meta.url);
/** Taking over a batch takes the event loop some milliseconds. */
const ROWS_A_BATCH = 500;
const MEMORY_MB = 384;

/** One file after another: each may take a good part of a small machine's memory. */
let reading: Promise<void> = Promise.resolve();

/**
 * Reads a spreadsheet in a thread of its own, with bounded memory and time. The bytes are handed over and are empty
 * afterwards. Throws {@link SpreadsheetError}; a file that breaks the bounds of memory or time is `too-large`.
 */
export async function openTable(
  bytes: Uint8Array<ArrayBuffer>,
  columns: readonly ColumnNames[],
  limits: ReadLimits = READ_LIMITS,
): Promise<OpenTable> {
  const before = reading;
  let leave!: () => void;
  reading = new Promise((resolve) => (leave = resolve));
  await before;

  const task: ReadingTask = { bytes, columns, limits, rowsABatch: ROWS_A_BATCH };
  const worker = startThread(task, leave);
  // Listened for from the start: a thread may end between two questions.
  const gone = new Promise<never>((_, reject) => {
    worker.once('error', (error) => reject(asFault(error)));
    worker.once('exit', () => reject(new SpreadsheetError('too-large')));
  });
  gone.catch(() => undefined);
  let leftMs = limits.readingMs;
  let closed = false;
  async function close(): Promise<void> {
    if (closed) return;
    closed = true;
    await worker.terminate();
    leave();
  }

  /** The thread's next answer; one that ended, ran out of memory or takes too long broke the bounds. */
  async function next(): Promise<ReadingAnswer> {
    const askedAt = performance.now();
    const tooLong = setTimeout(() => void worker.terminate(), leftMs);
    try {
      const answer = new Promise<ReadingAnswer>((resolve) => worker.once('message', resolve));
      return await Promise.race([answer, gone]);
    } finally {
      clearTimeout(tooLong);
      leftMs = Math.max(0, leftMs - (performance.now() - askedAt));
    }
  }

  try {
    const first = await next();
    if ('fault' in first) throw new SpreadsheetError(first.fault, { params: first.params });
    if (!('head' in first)) throw new Error('The reading thread answered before it was asked');
    return { head: first.head, batches, close };
  } catch (error) {
    await close();
    throw error;
  }

  async function* batches(): AsyncIterable<SheetRow[]> {
    for (;;) {
      const answer = next();
      worker.postMessage('next');
      const message = await answer;
      if (!('rows' in message)) throw new Error('The reading thread did not hand over rows');
      if (message.rows.length === 0) return;
      yield message.rows;
    }
  }
}

/** `failed` is called where there will be no thread: a machine out of them, bytes that cannot be handed over. */
function startThread(task: ReadingTask, failed: () => void): Worker {
  try {
    return new Worker(THREAD, {
      workerData: task,
      transferList: [task.bytes.buffer as ArrayBuffer],
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    });
  } catch (error) {
    failed();
    throw error;
  }
}

function asFault(error: Error): Error {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ERR_WORKER_OUT_OF_MEMORY' ? new SpreadsheetError('too-large', { cause: error }) : error;
}
