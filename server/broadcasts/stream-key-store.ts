import { and, eq, isNull } from 'drizzle-orm';
import { streamKeys } from '../../drizzle/schema/broadcasts.ts';
import type { Reader } from '../platform/database/open.ts';

export type StreamKeyRow = typeof streamKeys.$inferSelect;

/** Whose key it is: an account's for one broadcast, or its own for all of them (null). */
export interface KeyHolder {
  accountId: string;
  broadcastId: string | null;
}

const livingOf = ({ accountId, broadcastId }: KeyHolder) =>
  and(
    eq(streamKeys.accountId, accountId),
    broadcastId === null ? isNull(streamKeys.broadcastId) : eq(streamKeys.broadcastId, broadcastId),
    isNull(streamKeys.endedAt),
  );

export async function insertStreamKey(db: Reader, row: StreamKeyRow): Promise<void> {
  await db.insert(streamKeys).values(row);
}

/** Ends the holder's living key and returns its id, if there was one. */
export async function endStreamKey(
  db: Reader,
  holder: KeyHolder,
  endedAt: string,
): Promise<string | undefined> {
  const ended = await db
    .update(streamKeys)
    .set({ endedAt })
    .where(livingOf(holder))
    .returning({ id: streamKeys.id });
  return ended[0]?.id;
}

export async function findLivingKey(db: Reader, keyHash: string): Promise<StreamKeyRow | undefined> {
  const [row] = await db
    .select()
    .from(streamKeys)
    .where(and(eq(streamKeys.keyHash, keyHash), isNull(streamKeys.endedAt)));
  return row;
}

export async function findKeyOf(db: Reader, holder: KeyHolder): Promise<StreamKeyRow | undefined> {
  const [row] = await db.select().from(streamKeys).where(livingOf(holder));
  return row;
}
