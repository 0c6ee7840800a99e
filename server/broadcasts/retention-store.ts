import { and, count, eq, inArray, isNull, sql, sum } from 'drizzle-orm';
import { broadcasts, recordingInits, recordingSegments } from '../../drizzle/schema/broadcasts.ts';
import type { Reader, Transaction } from '../platform/database/open.ts';

/** Every finished recording of which rows are left, with its size. */
export async function listRecordingSizes(db: Reader) {
  const rows = await db
    .select({
      broadcastId: broadcasts.id,
      title: broadcasts.title,
      kind: broadcasts.kind,
      regionCode: broadcasts.regionCode,
      endedAt: broadcasts.endedAt,
      holdReason: broadcasts.holdReason,
      segments: count(recordingSegments.sequence),
      bytes: sum(recordingSegments.byteLength).mapWith(Number),
    })
    .from(broadcasts)
    .innerJoin(recordingSegments, eq(recordingSegments.broadcastId, broadcasts.id))
    .where(inArray(broadcasts.state, ['ended', 'replay']))
    .groupBy(broadcasts.id);
  return rows;
}

/** From here on nobody is shown it. The first such moment stays. */
/** False where someone has come to hold it meanwhile. */
export async function markRecordingRemoved(db: Reader, broadcastId: string, at: string): Promise<boolean> {
  const marked = await db
    .update(broadcasts)
    .set({
      recordingRemovedAt: sql`coalesce(${broadcasts.recordingRemovedAt}, ${at})`,
      picturedAt: null,
    })
    .where(and(eq(broadcasts.id, broadcastId), isNull(broadcasts.holdReason)))
    .returning({ id: broadcasts.id });
  return marked.length > 0;
}

export async function deleteRecordingRows(tx: Transaction, broadcastId: string): Promise<void> {
  await tx.delete(recordingSegments).where(eq(recordingSegments.broadcastId, broadcastId));
  await tx.delete(recordingInits).where(eq(recordingInits.broadcastId, broadcastId));
}
