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
