import { instant, type Clock } from '../platform/clock.ts';
import type { Database, Transaction } from '../platform/database/open.ts';
import { emit } from '../platform/outbox/emit.ts';
import type { StateChanged } from './events.ts';
import { nextState, type BroadcastHappening, type BroadcastState } from './rules.ts';
import { closeWindow, findBroadcast, openWindow, updateBroadcast, type BroadcastRow } from './store.ts';

/** Something that happened to a broadcast, and when by the hub's clock, in milliseconds. */
export interface Happening {
  what: BroadcastHappening;
  atMs: number;
  /** Why it ended. */
  reason?: string;
}

/**
 * Writes down what happened: state, window on the air and news in one transaction.
 * Returns the row as it is then, or undefined where the happening changes nothing.
 */
export async function recordHappening(
  { db, clock }: { db: Database; clock: Clock },
  broadcastId: string,
  happening: Happening,
): Promise<BroadcastRow | undefined> {
  return db.transaction(async (tx) => {
    const row = await findBroadcast(tx, broadcastId);
    const state = row && nextState(row.state, happening.what);
    if (!row || !state) return undefined;
    const at = instant(happening.atMs);
    const changes = { state, ...changesFor(row, state, at, happening.reason) };
    await updateBroadcast(tx, broadcastId, changes);
    await moveWindow(tx, broadcastId, state, happening.atMs);
    const news: StateChanged = { type: 'broadcasts.state-changed', payload: { broadcastId, state, at } };
    await emit(tx, news, instant(clock.now()));
    return { ...row, ...changes };
  });
}

function changesFor(
  row: BroadcastRow,
  state: BroadcastState,
  at: string,
  reason: string | undefined,
): Partial<BroadcastRow> {
  if (state === 'live') return { liveAt: row.liveAt ?? at, interruptedAt: null };
  if (state === 'interrupted') return { interruptedAt: at };
  if (state === 'ended') return { endedAt: at, endReason: reason ?? null };
  return {};
}

async function moveWindow(
  tx: Transaction,
  broadcastId: string,
  state: BroadcastState,
  atMs: number,
): Promise<void> {
  if (state === 'live') await openWindow(tx, broadcastId, atMs);
  else await closeWindow(tx, broadcastId, atMs);
}
