import type { Caller } from '../platform/access/actor.ts';
import { actorWhoMay, type Circumstances } from '../platform/access/decide.ts';
import { openBudget } from '../platform/budget.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/open.ts';
import { HubError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { appendChat, findSent, listChatSince, listLastChat, type ChatRow } from './chat-store.ts';
import type { ChatMessage } from './messages.ts';
import type { ChatNames } from './ports.ts';
import { isOpen } from './rules.ts';
import type { BroadcastRow } from './store.ts';

export const CHAT_HISTORY = 50;
const CHAT_PAGE = 200;
const BURST_MESSAGES = 8;
const BURST_SECONDS = 10;

export type Chat = ReturnType<typeof openChat>;

/** What is said in a broadcast's room, numbered without holes. */
export function openChat({ db, clock, names }: { db: Database; clock: Clock; names: ChatNames }) {
  const budget = openBudget(BURST_MESSAGES, BURST_SECONDS);

  async function told(broadcast: BroadcastRow, rows: readonly ChatRow[]): Promise<ChatMessage[]> {
    const known = await names.chatNames(rows.map((row) => row.accountId));
    return rows.map(({ seq, clientId, accountId, body, sentAt }) => ({
      seq,
      clientId,
      accountId,
      name: known.get(accountId) ?? '',
      fromOwner: accountId === broadcast.ownerAccountId,
      body,
      sentAt,
    }));
  }

  return {
    /**
     * Stores what someone says. `isNew` is false for a message that was stored before (same `clientId`), which comes
     * back as it was. Throws `chat.closed` after the end and `rate.limited` for more than 8 in 10 seconds.
     */
    async send(
      caller: Caller,
      broadcast: BroadcastRow,
      about: Circumstances,
      said: { clientId: string; body: string },
    ): Promise<{ message: ChatMessage; isNew: boolean }> {
      const { accountId } = actorWhoMay(caller, 'chat.send', about);
      const key = { broadcastId: broadcast.id, accountId, clientId: said.clientId };
      const before = await findSent(db, key);
      if (before) return { message: (await told(broadcast, [before]))[0]!, isNew: false };
      if (!isOpen(broadcast.state)) throw new HubError('chat.closed');
      await budget.spend(accountId);
      const { row, isNew } = await db.transaction(async (tx) => {
        const sentMeanwhile = await findSent(tx, key);
        if (sentMeanwhile) return { row: sentMeanwhile, isNew: false };
        const entry = { id: newId<'chat'>(), ...key, body: said.body, sentAt: instant(clock.now()) };
        return { row: await appendChat(tx, entry), isNew: true };
      });
      return { message: (await told(broadcast, [row]))[0]!, isNew };
    },

    /** The newest messages, or what came after a number: from the database, for a page that may have missed some. */
    async read(
      broadcast: BroadcastRow,
      sinceSeq: number | undefined,
    ): Promise<{ messages: ChatMessage[]; more: boolean }> {
      const rows =
        sinceSeq === undefined
          ? await listLastChat(db, broadcast.id, CHAT_HISTORY)
          : await listChatSince(db, broadcast.id, sinceSeq, CHAT_PAGE);
      const more = sinceSeq !== undefined && rows.length === CHAT_PAGE;
      return { messages: await told(broadcast, rows), more };
    },
  };
}
