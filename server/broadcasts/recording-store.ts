import { asc, eq, sql } from 'drizzle-orm';
import { broadcasts, recordingInits, recordingSegments } from '../../drizzle/schema/broadcasts.ts';
import type { InitRecord, LowerRendition, Recording, SegmentRecord } from '../../media/contract.ts';
import { splitRecording } from '../../media/recording/split-recording.ts';
import type { Reader, Transaction } from '../platform/database/open.ts';

/** A row that is there stays: the same record may come again after a write whose answer was lost. */
export async function insertInits(db: Reader, broadcastId: string, inits: InitRecord[]): Promise<void> {
  if (inits.length === 0) return;
  await db
    .insert(recordingInits)
    .values(inits.map((init) => ({ ...init, broadcastId })))
    .onConflictDoNothing();
}

/** Rows a statement: SQLite binds 32,766 values at most, and a class of two hours has more. */
const ROWS_AT_ONCE = 500;

/** As {@link insertInits}. Moves the length of the recording by what was not there before. */
export async function insertSegments(
  tx: Transaction,
  broadcastId: string,
  segments: SegmentRecord[],
): Promise<void> {
  for (let from = 0; from < segments.length; from += ROWS_AT_ONCE) {
    const added = await tx
      .insert(recordingSegments)
      .values(segments.slice(from, from + ROWS_AT_ONCE).map((segment) => ({ ...segment, broadcastId })))
      .onConflictDoNothing()
      .returning({ rendition: recordingSegments.rendition, durationMs: recordingSegments.durationMs });
    const addedMs = added
      .filter(({ rendition }) => rendition === SOURCE)
      .reduce((sum, { durationMs }) => sum + durationMs, 0);
    if (addedMs > 0)
      await tx
        .update(broadcasts)
        .set({ recordedMs: sql`${broadcasts.recordedMs} + ${addedMs}` })
        .where(eq(broadcasts.id, broadcastId));
  }
}

/** The column's word for what has no `rendition` as a record. */
const SOURCE = 'source';

/** Everything that is known of a broadcast's recording, in order. */
export async function readRecording(db: Reader, broadcastId: string): Promise<Recording> {
  const inits = await db
    .select()
    .from(recordingInits)
    .where(eq(recordingInits.broadcastId, broadcastId))
    .orderBy(asc(recordingInits.initIndex));
  const segments = await db
    .select()
    .from(recordingSegments)
    .where(eq(recordingSegments.broadcastId, broadcastId))
    .orderBy(asc(recordingSegments.sequence));
  return splitRecording({
    inits: inits.map(({ broadcastId: _, rendition, ...init }) => ({ ...lowerName(rendition), ...init })),
    segments: segments.map(({ broadcastId: _, rendition, ...segment }) => ({
      ...lowerName(rendition),
      ...segment,
    })),
  });
}

const lowerName = (rendition: string) =>
  rendition === SOURCE ? {} : { rendition: rendition as LowerRendition };
