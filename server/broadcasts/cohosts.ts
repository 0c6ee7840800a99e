import type { Caller } from '../platform/access/actor.ts';
import { actorWhoMay } from '../platform/access/decide.ts';
import { fieldError, HubError } from '../platform/errors.ts';
import type { Announce } from '../realtime/connection.ts';
import type { Floor } from './floor.ts';
import type { OnAir } from './on-air.ts';
import type { Peers } from './peers.ts';
import type { Accounts, ChatNames } from './ports.ts';
import { isOpen } from './rules.ts';
import type { Scene } from './scene.ts';
import { accountsWith, MOST_COHOSTS } from './stage-rules.ts';
import { silence, tellStanding, type RecheckEncoders } from './stage-messages.ts';
import type { BroadcastRow } from './store.ts';
import { circumstancesOf, type Belonging } from './visibility.ts';

export interface Cohost {
  accountId: string;
  name: string;
}

/** Whom the owner of a broadcast lets speak and direct without asking. */
export function openCohosts(parts: {
  peers: Peers;
  onAir: OnAir;
  floor: Floor;
  scene: Scene;
  names: ChatNames;
  accounts: Accounts;
  announce: Announce;
  recheckEncoders: RecheckEncoders;
  membership: Belonging;
  requireBroadcast: (id: string) => Promise<BroadcastRow>;
}) {
  const { floor, scene, names } = parts;

  async function owning(caller: Caller, id: string) {
    const row = await parts.requireBroadcast(id);
    const about = await circumstancesOf(row, caller, parts.membership);
    return { row, accountId: actorWhoMay(caller, 'cohost.name', about).accountId };
  }

  async function list(broadcastId: string): Promise<Cohost[]> {
    const accountIds = accountsWith(await floor.read(broadcastId), 'cohost');
    const known = await names.chatNames(accountIds);
    return accountIds.map((accountId) => ({ accountId, name: known.get(accountId) ?? '' }));
  }

  async function change(
    row: BroadcastRow,
    by: string,
    fact: { what: 'name-cohost' | 'remove-cohost'; accountId: string },
  ): Promise<void> {
    const state = await floor.apply(row.id, fact, by, ({ standings }) => {
      const count = [...standings.values()].filter((standing) => standing === 'cohost').length;
      if (fact.what === 'name-cohost' && count >= MOST_COHOSTS && standings.get(fact.accountId) !== 'cohost')
        throw new HubError('cohost.too-many', { params: { most: MOST_COHOSTS } });
    });
    if (!state) return;
    tellStanding(parts, row.id, fact.accountId, state);
    scene.changed(row.id);
  }

  return {
    async listCohosts(caller: Caller, id: string): Promise<Cohost[]> {
      const { row } = await owning(caller, id);
      return list(row.id);
    },

    /** Names an account by its username. Naming one twice changes nothing. Throws `broadcast.ended`, `cohost.too-many`. */
    async nameCohost(caller: Caller, id: string, username: string): Promise<Cohost[]> {
      const { row, accountId: by } = await owning(caller, id);
      if (!isOpen(row.state)) throw new HubError('broadcast.ended');
      const accountId = await parts.accounts.accountIdOf(username);
      if (accountId === undefined)
        throw fieldError('username', 'unknown', 'There is no account of this name');
      if (accountId === row.ownerAccountId)
        throw fieldError('username', 'owner', 'This is the broadcast’s own host');
      await change(row, by, { what: 'name-cohost', accountId });
      return list(row.id);
    },

    /** What they publish ends at once. Whoever is none stays none. */
    async removeCohost(caller: Caller, id: string, accountId: string): Promise<Cohost[]> {
      const { row, accountId: by } = await owning(caller, id);
      const wasCohost = (await floor.standingOf(row.id, accountId)) === 'cohost';
      await change(row, by, { what: 'remove-cohost', accountId });
      if (wasCohost) await silence(parts, row.id, accountId);
      return list(row.id);
    },
  };
}
