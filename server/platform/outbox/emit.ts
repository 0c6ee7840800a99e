import { outbox } from '../../../drizzle/schema/platform.ts';
import type { Instant } from '../clock.ts';
import type { Transaction } from '../database/open.ts';
import { markNews } from './news-of.ts';

/** News of a fact. `type` is `<room>.<what happened>`; the payload carries ids and figures, never personal data. */
export interface HubEvent<Type extends string = string, Payload = unknown> {
  type: Type;
  payload: Payload;
}

/** Writes news in the transaction of the fact it tells, so that there is never one without the other. */
export async function emit(tx: Transaction, event: HubEvent, recordedAt: Instant): Promise<void> {
  markNews(tx);
  await tx.insert(outbox).values({ type: event.type, payload: event.payload, recordedAt });
}

const EVENTS_A_STATEMENT = 200;

/** As {@link emit}, for many at once. */
export async function emitAll(tx: Transaction, events: HubEvent[], recordedAt: Instant): Promise<void> {
  if (events.length === 0) return;
  markNews(tx);
  const rows = events.map(({ type, payload }) => ({ type, payload, recordedAt }));
  for (let at = 0; at < rows.length; at += EVENTS_A_STATEMENT)
    await tx.insert(outbox).values(rows.slice(at, at + EVENTS_A_STATEMENT));
}
