import type { Caller } from '../platform/access/actor.ts';
import { may, type Circumstances } from '../platform/access/decide.ts';
import type { Membership } from './ports.ts';
import type { BroadcastRow } from './store.ts';

/** What is true of a broadcast for a caller, for the permission check. Everyone takes part in a public one. */
export async function circumstancesOf(
  row: BroadcastRow,
  caller: Caller,
  membership: Membership,
): Promise<Circumstances> {
  const about: Circumstances = {
    regionCode: row.regionCode,
    broadcastId: row.id,
    owner: caller?.accountId === row.ownerAccountId,
    member: row.visibility === 'public',
  };
  if (about.member || !caller || may(caller, 'broadcast.read', about)) return about;
  return { ...about, member: await membership.isMember(row.id, caller.personId) };
}
