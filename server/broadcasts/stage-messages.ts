import type { Caller } from '../platform/access/actor.ts';
import { actorWhoMay } from '../platform/access/decide.ts';
import { openBudget } from '../platform/budget.ts';
import { HubError } from '../platform/errors.ts';
import type { Announce, Connection } from '../realtime/connection.ts';
import type { SocketMessage } from '../realtime/registry.ts';
import { socketMessage } from '../realtime/service.ts';
import { ensureHandIsUp, stageStanding, type Floor } from './floor.ts';
import { accountMessage, layoutMessage, lowerHandMessage, nothingMessage } from './messages.ts';
import type { OnAir } from './on-air.ts';
import type { Peer, Peers } from './peers.ts';
import { isOpen } from './rules.ts';
import type { Scene } from './scene.ts';
import { hasRoom, MOST_ON_STAGE, type StageFact, type StageState } from './stage-rules.ts';
import type { BroadcastRow } from './store.ts';

/** Sends away the encoders of an account where it may not publish any more. */
export type RecheckEncoders = (accountId: string) => Promise<void>;

/** A hand that goes up and down is a row each time: no more than one needs. */
const CHANGES = 12;
const CHANGES_SECONDS = 30;

/** The messages about who has the floor. Each is a fact with who did it and when, told to the room afterwards. */
export function stageMessages(parts: {
  peers: Peers;
  onAir: OnAir;
  floor: Floor;
  scene: Scene;
  announce: Announce;
  recheckEncoders: RecheckEncoders;
  requireBroadcast: (id: string) => Promise<BroadcastRow>;
}): SocketMessage[] {
  const { peers, floor, scene } = parts;
  const budget = openBudget(CHANGES, CHANGES_SECONDS);

  async function asking(from: Connection, caller: Caller, action: 'stage.ask' | 'stage.direct') {
    const peer = peers.require(from.id);
    const standing = stageStanding(await floor.standingOf(peer.broadcastId, caller?.accountId));
    const { accountId } = actorWhoMay(caller, action, { ...peer.about, standing });
    const row = await parts.requireBroadcast(peer.broadcastId);
    if (!isOpen(row.state)) throw new HubError('broadcast.ended');
    await budget.spend(accountId);
    return { peer, accountId, row };
  }

  async function apply(
    peer: Peer,
    byAccountId: string,
    fact: StageFact,
    ensure?: (state: StageState) => void,
  ): Promise<void> {
    const state = await floor.apply(peer.broadcastId, fact, byAccountId, ensure);
    if (!state) return;
    if (fact.what !== 'set-layout') tellStanding(parts, peer.broadcastId, fact.accountId, state);
    scene.changed(peer.broadcastId);
  }

  return [
    socketMessage('stage:raise-hand', nothingMessage, async (from, caller) => {
      const { peer, accountId } = await asking(from, caller, 'stage.ask');
      await apply(peer, accountId, { what: 'raise-hand', accountId });
    }),
    socketMessage('stage:lower-hand', lowerHandMessage, async (from, caller, { accountId: whose }) => {
      const others = whose !== undefined && whose !== caller?.accountId;
      const { peer, accountId } = await asking(from, caller, others ? 'stage.direct' : 'stage.ask');
      await apply(peer, accountId, { what: 'lower-hand', accountId: whose ?? accountId });
    }),
    socketMessage('stage:leave', nothingMessage, async (from, caller) => {
      const { peer, accountId, row } = await asking(from, caller, 'stage.ask');
      await apply(peer, accountId, { what: 'leave', accountId });
      await silence(parts, row.id, accountId);
    }),
    socketMessage('stage:give-floor', accountMessage, async (from, caller, { accountId: whose }) => {
      const { peer, accountId, row } = await asking(from, caller, 'stage.direct');
      const publishing = scene.published(row).map((one) => one.accountId);
      await apply(peer, accountId, { what: 'give-floor', accountId: whose }, (state) => {
        ensureHandIsUp(state, whose);
        ensureRoom(state, whose, row.ownerAccountId, publishing);
      });
    }),
    socketMessage('stage:take-floor', accountMessage, async (from, caller, { accountId: whose }) => {
      const { peer, accountId, row } = await asking(from, caller, 'stage.direct');
      await apply(peer, accountId, { what: 'take-floor', accountId: whose });
      const standing = stageStanding(await floor.standingOf(row.id, whose));
      if (standing === undefined && whose !== row.ownerAccountId) await silence(parts, row.id, whose);
    }),
    socketMessage('stage:set-layout', layoutMessage, async (from, caller, { layout, main }) => {
      const { peer, accountId } = await asking(from, caller, 'stage.direct');
      await apply(peer, accountId, { what: 'set-layout', layout, main: main ?? null });
    }),
  ];
}

/** Throws `stage.full` where one more account would be too many. */
export function ensureRoom(
  state: StageState,
  accountId: string,
  ownerAccountId: string,
  publishing: readonly string[],
): void {
  if (!hasRoom(state, { accountId, ownerAccountId, publishing }))
    throw new HubError('stage.full', { params: { most: MOST_ON_STAGE } });
}

/** Tells every page of an account what it is now. */
export function tellStanding(
  { peers, announce }: { peers: Peers; announce: Announce },
  broadcastId: string,
  accountId: string,
  state: StageState,
): void {
  const standing = state.standings.get(accountId) ?? 'none';
  for (const peer of peers.inBroadcast(broadcastId))
    if (peer.accountId === accountId && peer.socketId !== undefined)
      announce(peer.socketId, 'stage:standing', { standing });
}

/** Ends at once what an account publishes, from a page or an encoder; what it watches goes on. */
export async function silence(
  parts: { peers: Peers; onAir: OnAir; recheckEncoders: RecheckEncoders },
  broadcastId: string,
  accountId: string,
): Promise<void> {
  const media = parts.onAir.stage(broadcastId)?.media;
  for (const { peerId, producerId } of media?.producers() ?? [])
    if (parts.peers.byId(peerId)?.accountId === accountId) media?.closeProducer({ peerId, producerId });
  await parts.recheckEncoders(accountId);
}
