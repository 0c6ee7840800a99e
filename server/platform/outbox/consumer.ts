import { and, asc, eq, gt, isNull } from 'drizzle-orm';
import { outbox, outboxCursors, outboxParked } from '../../../drizzle/schema/platform.ts';
import { instant, type Clock } from '../clock.ts';
import type { Database, Transaction } from '../database/open.ts';
import { faultWords } from '../fault.ts';
import type { Logger } from '../log.ts';
import { isTransient } from './transient.ts';

/** A stored event, as a consumer sees it. */
export interface StoredEvent {
  seq: number;
  type: string;
  payload: unknown;
  recordedAt: string;
}

/** Applies events of some types, in order, each in the transaction that moves its cursor: exactly once in effect. */
export interface Consumer {
  name: string;
  types: readonly string[];
  apply(tx: Transaction, event: StoredEvent): Promise<void>;
}

const BATCH = 200;

/**
 * Applies the next events to one consumer. Returns how many were looked at; 0 means it is up to date. The cursor passes
 * what is not for the consumer too, so that nobody reads it again.
 */
export async function consumeNext(
  db: Database,
  consumer: Consumer,
  tools: { clock: Clock; log: Logger },
): Promise<number> {
  const [cursor] = await db.select().from(outboxCursors).where(eq(outboxCursors.consumer, consumer.name));
  const events = await db
    .select()
    .from(outbox)
    .where(gt(outbox.seq, cursor?.seq ?? 0))
    .orderBy(asc(outbox.seq))
    .limit(BATCH);
  for (const event of events)
    if (consumer.types.includes(event.type)) await applyOrPark(db, consumer, event, tools);
  const last = events.at(-1);
  if (last && !consumer.types.includes(last.type))
    await db.transaction((tx) => moveCursor(tx, consumer.name, last.seq));
  return events.length;
}

/** Parks what the event itself makes impossible. Throws what will pass by itself; the event is then tried again. */
async function applyOrPark(
  db: Database,
  consumer: Consumer,
  event: StoredEvent,
  { clock, log }: { clock: Clock; log: Logger },
): Promise<void> {
  try {
    await db.transaction(async (tx) => {
      await consumer.apply(tx, event);
      await moveCursor(tx, consumer.name, event.seq);
    });
  } catch (error) {
    if (isTransient(error)) throw error;
    log.error(
      { err: error, consumer: consumer.name, seq: event.seq },
      'an event could not be applied and is parked',
    );
    await db.transaction(async (tx) => {
      await tx
        .insert(outboxParked)
        .values({
          consumer: consumer.name,
          seq: event.seq,
          error: faultWords(error),
          parkedAt: instant(clock.now()),
        })
        .onConflictDoNothing();
      await moveCursor(tx, consumer.name, event.seq);
    });
  }
}

async function moveCursor(tx: Transaction, consumer: string, seq: number): Promise<void> {
  await tx
    .insert(outboxCursors)
    .values({ consumer, seq })
    .onConflictDoUpdate({ target: outboxCursors.consumer, set: { seq } });
}

/** Parked events that nobody has retried yet; any makes /readyz answer 503. */
export function listParked(db: Database) {
  return db.select().from(outboxParked).where(isNull(outboxParked.resolvedAt));
}

/** Applies a parked event again, by hand. Throws what the consumer throws; the event then stays parked. */
export async function retryParked(
  db: Database,
  consumer: Consumer,
  seq: number,
  clock: Clock,
): Promise<void> {
  await db.transaction(async (tx) => {
    const [event] = await tx.select().from(outbox).where(eq(outbox.seq, seq));
    if (!event) throw new Error(`There is no event ${seq} in the outbox`);
    await consumer.apply(tx, event);
    await tx
      .update(outboxParked)
      .set({ resolvedAt: instant(clock.now()) })
      .where(and(eq(outboxParked.consumer, consumer.name), eq(outboxParked.seq, seq)));
  });
}
