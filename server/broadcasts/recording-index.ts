import { setTimeout as delay } from 'node:timers/promises';
import type { InitRecord, Recording, SegmentRecord } from '../../media/contract.ts';
import type { Database } from '../platform/database/open.ts';
import { faultWords } from '../platform/fault.ts';
import type { Logger } from '../platform/log.ts';
import { insertInits, insertSegments } from './recording-store.ts';

const RETRY_MS = 1_000;

type Entry = { init: InitRecord } | { segment: SegmentRecord };

/** The rows of one broadcast's recording, written in the order in which they came. */
export interface RecordingLine {
  addInit(init: InitRecord): void;
  addSegment(segment: SegmentRecord): void;
  /** Resolves when everything added so far is a row. */
  drained(): Promise<void>;
}

export type RecordingIndex = ReturnType<typeof openRecordingIndex>;

/**
 * Turns what the media plane recorded into rows. A row that cannot be written is tried again until it can, in its
 * place; what is still waiting when the hub dies is found again on disk (`recoverRecording`).
 */
export function openRecordingIndex({ db, log }: { db: Database; log: Logger }) {
  let waiting = 0;
  let failing: string | undefined;

  async function write(broadcastId: string, records: Recording): Promise<void> {
    await db.transaction(async (tx) => {
      await insertInits(tx, broadcastId, [...records.inits, ...(records.lower?.inits ?? [])]);
      await insertSegments(tx, broadcastId, [...records.segments, ...(records.lower?.segments ?? [])]);
    });
  }

  async function writeUntilDone(broadcastId: string, records: Recording): Promise<void> {
    for (;;) {
      try {
        await write(broadcastId, records);
        failing = undefined;
        return;
      } catch (error) {
        failing = faultWords(error);
        log.error({ err: error, broadcastId, waiting }, 'recording rows could not be written');
        await delay(RETRY_MS);
      }
    }
  }

  return {
    /** Rows that are not written yet, and why not where a write failed. */
    health: () => ({ waiting, failing }),

    /** Writes what is known at once, for instance what was recovered. Rows that are there stay. */
    write,

    lineOf(broadcastId: string): RecordingLine {
      let queue: Entry[] = [];
      let running: Promise<void> | undefined;
      async function run(): Promise<void> {
        while (queue.length > 0) {
          const batch = queue;
          queue = [];
          await writeUntilDone(broadcastId, {
            inits: batch.flatMap((entry) => ('init' in entry ? [entry.init] : [])),
            segments: batch.flatMap((entry) => ('segment' in entry ? [entry.segment] : [])),
          });
          waiting -= batch.length;
        }
        running = undefined;
      }
      function add(entry: Entry): void {
        queue.push(entry);
        waiting += 1;
        running ??= run();
      }
      return {
        addInit: (init) => add({ init }),
        addSegment: (segment) => add({ segment }),
        drained: async () => running,
      };
    },
  };
}
