import { and, asc, inArray, isNotNull, isNull, lt, lte, notInArray } from 'drizzle-orm';
import { outbox, outboxCursors, outboxParked } from '../../../drizzle/schema/platform.ts';
import { instant, type Clock } from '../clock.ts';
import type { Database } from '../database/open.ts';
import type { DailyJob } from '../jobs.ts';
import type { Consumer } from './consumer.ts';

/** Long enough to look into what was told when a figure is doubted. Facts themselves are elsewhere and stay. */
const KEPT_MS = 30 * 24 * 3_600_000;
const AT_ONCE = 500;

/** Removes old news that every consumer has applied. What is parked and not yet retried stays. */
export function outboxPruning(
  db: Database,
  consumers: readonly Pick<Consumer, 'name'>[],
  clock: Clock,
): DailyJob {
  /** The last event all consumers have behind them; 0 while one has seen nothing. */
  async function seenByAll(): Promise<number> {
    const cursors = await db.select().from(outboxCursors);
    return Math.min(...consumers.map(({ name }) => cursors.find((one) => one.consumer === name)?.seq ?? 0));
  }

  async function removeSome(upTo: number, before: string): Promise<number> {
    return db.transaction(async (tx) => {
      const parked = tx
        .select({ seq: outboxParked.seq })
        .from(outboxParked)
        .where(isNull(outboxParked.resolvedAt));
      const old = await tx
        .select({ seq: outbox.seq })
        .from(outbox)
        .where(and(lte(outbox.seq, upTo), lt(outbox.recordedAt, before), notInArray(outbox.seq, parked)))
        .orderBy(asc(outbox.seq))
        .limit(AT_ONCE);
      const seqs = old.map(({ seq }) => seq);
      if (seqs.length === 0) return 0;
      await tx
        .delete(outboxParked)
        .where(and(inArray(outboxParked.seq, seqs), isNotNull(outboxParked.resolvedAt)));
      await tx.delete(outbox).where(inArray(outbox.seq, seqs));
      return seqs.length;
    });
  }

  return {
    name: 'outbox-pruning',
    async run() {
      const [upTo, before] = [await seenByAll(), instant(clock.now() - KEPT_MS)];
      let removed = 0;
      for (let some = -1; some !== 0; removed += some) some = await removeSome(upTo, before);
      return removed > 0 ? { removed } : undefined;
    },
  };
}
