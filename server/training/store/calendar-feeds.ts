import { eq } from 'drizzle-orm';
import { calendarFeeds } from '../../../drizzle/schema/training.ts';
import type { Reader } from '../../platform/database/open.ts';

type FeedRow = typeof calendarFeeds.$inferSelect;

export async function findFeed(db: Reader, accountId: string): Promise<FeedRow | undefined> {
  const [row] = await db.select().from(calendarFeeds).where(eq(calendarFeeds.accountId, accountId));
  return row;
}

export async function findFeedBySecret(db: Reader, secretHash: string): Promise<FeedRow | undefined> {
  const [row] = await db.select().from(calendarFeeds).where(eq(calendarFeeds.secretHash, secretHash));
  return row;
}

export async function putFeed(db: Reader, row: FeedRow): Promise<void> {
  await db
    .insert(calendarFeeds)
    .values(row)
    .onConflictDoUpdate({ target: calendarFeeds.accountId, set: row });
}

export async function removeFeed(db: Reader, accountId: string): Promise<void> {
  await db.delete(calendarFeeds).where(eq(calendarFeeds.accountId, accountId));
}
