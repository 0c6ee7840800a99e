import { eq } from 'drizzle-orm';
import { replayViews } from '../../../drizzle/schema/training.ts';
import type { Reader } from '../../platform/database/open.ts';

export type ReplayViewRow = typeof replayViews.$inferSelect;

/** What a person has seen of replays. */
export function listReplayViews(db: Reader, personId: string): Promise<ReplayViewRow[]> {
  return db.select().from(replayViews).where(eq(replayViews.personId, personId));
}

export async function putReplayView(db: Reader, row: ReplayViewRow): Promise<void> {
  const { sessionId: _session, personId: _person, ...seen } = row;
  await db
    .insert(replayViews)
    .values(row)
    .onConflictDoUpdate({ target: [replayViews.personId, replayViews.sessionId], set: seen });
}
