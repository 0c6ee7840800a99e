import { and, asc, desc, eq, gt, sql } from 'drizzle-orm';
import { chatMessages } from '../../drizzle/schema/broadcasts.ts';
import type { Reader, Transaction } from '../platform/database/open.ts';

export type ChatRow = typeof chatMessages.$inferSelect;

export async function findSent(
  db: Reader,
  key: { broadcastId: string; accountId: string; clientId: string },
): Promise<ChatRow | undefined> {
  const [row] = await db
    .select()
    .from(chatMessages)
    .where(
      and(
        eq(chatMessages.broadcastId, key.broadcastId),
        eq(chatMessages.accountId, key.accountId),
        eq(chatMessages.clientId, key.clientId),
      ),
    );
  return row;
}

/** Gives the message the next number of its broadcast. */
export async function appendChat(tx: Transaction, message: Omit<ChatRow, 'seq'>): Promise<ChatRow> {
  const [last] = await tx
    .select({ seq: sql<number | null>`max(${chatMessages.seq})` })
    .from(chatMessages)
    .where(eq(chatMessages.broadcastId, message.broadcastId));
  const row = { ...message, seq: (last?.seq ?? 0) + 1 };
  await tx.insert(chatMessages).values(row);
  return row;
}

/** The newest messages, in order. */
export async function listLastChat(db: Reader, broadcastId: string, limit: number): Promise<ChatRow[]> {
  const rows = await db
    .select()
    .from(chatMessages)
    .where(eq(chatMessages.broadcastId, broadcastId))
    .orderBy(desc(chatMessages.seq))
    .limit(limit);
  return rows.reverse();
}

/** What came after a number, in order. */
export function listChatSince(
  db: Reader,
  broadcastId: string,
  seq: number,
  limit: number,
): Promise<ChatRow[]> {
  return db
    .select()
    .from(chatMessages)
    .where(and(eq(chatMessages.broadcastId, broadcastId), gt(chatMessages.seq, seq)))
    .orderBy(asc(chatMessages.seq))
    .limit(limit);
}
