import { and, asc, eq, inArray, max } from 'drizzle-orm';
import { presenceReached, presenceSpans } from '../../drizzle/schema/broadcasts.ts';
import type { Reader, Transaction } from '../platform/database/open.ts';

export type SpanRow = typeof presenceSpans.$inferSelect;
export type ReachedRow = typeof presenceReached.$inferSelect;

/** Spans of a broadcast, oldest first; of some persons only, where named. */
export function listSpans(
  db: Reader,
  broadcastId: string,
  personIds?: readonly string[],
): Promise<SpanRow[]> {
  return db
    .select()
    .from(presenceSpans)
    .where(
      and(
        eq(presenceSpans.broadcastId, broadcastId),
        personIds ? inArray(presenceSpans.personId, [...personIds]) : undefined,
      ),
    )
    .orderBy(asc(presenceSpans.startedAtMs), asc(presenceSpans.id));
}

/** The last moment at which anyone was seen, milliseconds since the epoch. */
export async function lastSeenMs(db: Reader, broadcastId: string): Promise<number | undefined> {
  const [row] = await db
    .select({ endedAtMs: max(presenceSpans.endedAtMs) })
    .from(presenceSpans)
    .where(eq(presenceSpans.broadcastId, broadcastId));
  return row?.endedAtMs ?? undefined;
}

export async function saveSpan(tx: Transaction, span: SpanRow): Promise<void> {
  await tx
    .insert(presenceSpans)
    .values(span)
    .onConflictDoUpdate({
      target: presenceSpans.id,
      set: { endedAtMs: span.endedAtMs, closed: span.closed },
    });
}

/** True when it was not there before. */
export async function markReached(tx: Transaction, row: ReachedRow): Promise<boolean> {
  const written = await tx.insert(presenceReached).values(row).onConflictDoNothing().returning();
  return written.length > 0;
}
