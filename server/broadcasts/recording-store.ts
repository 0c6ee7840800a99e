import { asc, eq, inArray, sql } from 'drizzle-orm';
import { recordingInits, recordingSegments } from '../../drizzle/schema/broadcasts.ts';
import type { InitRecord, Recording, SegmentRecord } from '../../media/contract.ts';
import type { Reader } from '../platform/database/open.ts';

/** A row that is there stays: the same record may come again after a write whose answer was lost. */
export async function insertInits(db: Reader, broadcastId: string, inits: InitRecord[]): Promise<void> {
  if (inits.length === 0) return;
  await db
    .insert(recordingInits)
    .values(inits.map((init) => ({ ...init, broadcastId })))
    .onConflictDoNothing();
}

export async function insertSegments(
  db: Reader,
  broadcastId: string,
  segments: SegmentRecord[],
): Promise<void> {
  if (segments.length === 0) return;
  await db
    .insert(recordingSegments)
    .values(segments.map((segment) => ({ ...segment, broadcastId })))
    .onConflictDoNothing();
}

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
  return {
    inits: inits.map(({ broadcastId: _, ...init }) => init),
    segments: segments.map(({ broadcastId: _, ...segment }) => segment),
  };
}

/** Milliseconds recorded of each broadcast that has any. */
export async function recordedMsOf(db: Reader, broadcastIds: string[]): Promise<Map<string, number>> {
  if (broadcastIds.length === 0) return new Map();
  const rows = await db
    .select({
      broadcastId: recordingSegments.broadcastId,
      recordedMs: sql<number>`sum(${recordingSegments.durationMs})`,
    })
    .from(recordingSegments)
    .where(inArray(recordingSegments.broadcastId, broadcastIds))
    .groupBy(recordingSegments.broadcastId);
  return new Map(rows.map((row) => [row.broadcastId, row.recordedMs]));
}
