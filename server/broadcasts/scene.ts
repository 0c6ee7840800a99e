import type { Logger } from '../platform/log.ts';
import type { Announce } from '../realtime/connection.ts';
import type { Floor } from './floor.ts';
import type { RaisedHand, StageView } from './messages.ts';
import type { OnAir } from './on-air.ts';
import type { Peers } from './peers.ts';
import type { ChatNames } from './ports.ts';
import { accountsWith, arrangeStage, wishOf, type OwnedProducer, type StageState } from './stage-rules.ts';
import { groupOf } from './stage.ts';
import type { BroadcastRow } from './store.ts';
import { Turns } from './turns.ts';

/** What a room is told of its stage when nothing is open. */
const NOTHING_SHOWN: StageView['shown'] = { layout: 'one', pictures: [], lacking: null };

export type Scene = ReturnType<typeof openScene>;

/** What is to be seen of a broadcast: asks the media plane for it, and tells the room. */
export function openScene(parts: {
  log: Logger;
  onAir: () => OnAir;
  peers: Peers;
  floor: Floor;
  names: ChatNames;
  announce: Announce;
  requireBroadcast: (id: string) => Promise<BroadcastRow>;
}) {
  const { peers, floor, names, announce } = parts;
  const turns = new Turns();
  const waiting = new Set<string>();
  /** What a room was told last, as text, and which pages of the hands: what did not change is not told again. */
  const told = new Map<string, { view: string; hands: string; directing: Set<string> }>();

  /** What is published now, and by whom. A clip of the sample has no page: it is the owner's. */
  function published(row: Pick<BroadcastRow, 'id' | 'ownerAccountId'>): OwnedProducer[] {
    const producers = parts.onAir().stage(row.id)?.media.producers() ?? [];
    return producers.map(({ peerId, source }) => ({
      ...{ peerId, source },
      accountId: peers.byId(peerId)?.accountId ?? row.ownerAccountId,
    }));
  }

  async function viewOf(row: BroadcastRow, state: StageState): Promise<StageView> {
    const producers = published(row);
    const { layout, pictures } = arrangeStage(state, row.ownerAccountId, producers);
    const cohosts = accountsWith(state, 'cohost');
    const speakers = accountsWith(state, 'floor');
    const accountIds = [row.ownerAccountId, ...cohosts, ...speakers];
    const known = await names.chatNames(accountIds);
    const people = accountIds.map((accountId) => {
      const own = producers.filter((producer) => producer.accountId === accountId);
      const peerIds = [...new Set(own.map(({ peerId }) => peerId))];
      return {
        accountId,
        name: known.get(accountId) ?? '',
        role: roleOf(accountId, row.ownerAccountId, cohosts),
        onAir: peerIds.length > 0,
        peerIds,
        here: peerIds.length > 0 || isHere(row.id, accountId),
      };
    });
    const shown = parts.onAir().stage(row.id)?.media.stageShown ?? NOTHING_SHOWN;
    // A co-host who is not there has nothing to do with what others see.
    const seen = people.filter(({ role, onAir }) => role !== 'cohost' || onAir);
    return { layout, pictures, shown, people: seen, hands: accountsWith(state, 'hand').length };
  }

  async function handsOf(broadcastId: string, state: StageState): Promise<RaisedHand[]> {
    const accountIds = accountsWith(state, 'hand');
    const known = await names.chatNames(accountIds);
    return accountIds.map((accountId) => ({
      accountId,
      name: known.get(accountId) ?? '',
      here: isHere(broadcastId, accountId),
    }));
  }

  function isHere(broadcastId: string, accountId: string): boolean {
    return peers.inBroadcast(broadcastId).some((peer) => peer.accountId === accountId && peer.socketId);
  }

  function directs(state: StageState, row: BroadcastRow, accountId: string | undefined): boolean {
    if (accountId === undefined) return false;
    return accountId === row.ownerAccountId || state.standings.get(accountId) === 'cohost';
  }

  async function refresh(broadcastId: string): Promise<void> {
    waiting.delete(broadcastId);
    const row = await parts.requireBroadcast(broadcastId);
    const state = await floor.read(broadcastId);
    const media = parts.onAir().stage(broadcastId)?.media;
    media?.setStage(wishOf(arrangeStage(state, row.ownerAccountId, published(row))));
    const view = await viewOf(row, state);
    const hands = await handsOf(broadcastId, state);
    const before = told.get(broadcastId);
    const directing = peers
      .inBroadcast(broadcastId)
      .flatMap(({ accountId, socketId }) => (directs(state, row, accountId) ? (socketId ?? []) : []));
    const now = { view: JSON.stringify(view), hands: JSON.stringify(hands), directing: new Set(directing) };
    if (media) told.set(broadcastId, now);
    else told.delete(broadcastId);
    if (before?.view !== now.view) announce(groupOf(broadcastId), 'stage:changed', view);
    // Whoever directs only since now does not know of those that are up already.
    for (const socketId of directing)
      if (before?.hands !== now.hands || !before.directing.has(socketId))
        announce(socketId, 'stage:hands', hands);
  }

  return {
    published,

    /** Someone or something on stage changed: what follows from it is done soon, once for many changes. */
    changed(broadcastId: string): void {
      if (waiting.has(broadcastId)) return;
      waiting.add(broadcastId);
      turns
        .take(broadcastId, () => refresh(broadcastId))
        .catch((error: unknown) => parts.log.error({ err: error, broadcastId }, 'a stage could not be told'));
    },

    /** What a page is told when it enters. Hands only for whoever gives the floor. */
    async tell(row: BroadcastRow, accountId: string | undefined) {
      const state = await floor.read(row.id);
      const hands = directs(state, row, accountId) ? await handsOf(row.id, state) : [];
      return { stage: await viewOf(row, state), hands };
    },

    /** Resolves when everything that was under way is done. */
    close: () => turns.settled(),
  };
}

function roleOf(
  accountId: string,
  ownerAccountId: string,
  cohosts: readonly string[],
): StageView['people'][number]['role'] {
  if (accountId === ownerAccountId) return 'host';
  return cohosts.includes(accountId) ? 'cohost' : 'floor';
}
