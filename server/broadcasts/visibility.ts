import type { Caller } from '../platform/access/actor.ts';
import type { Circumstances } from '../platform/access/decide.ts';
import { stageStanding, type Floor } from './floor.ts';
import type { Membership } from './ports.ts';
import type { BroadcastRow } from './store.ts';

/** What a caller is to a broadcast that is not theirs. */
export type Belonging = Membership & Pick<Floor, 'standingOf'>;

/** What is true of a broadcast for a caller, for the permission check. Everyone takes part in a public one. */
export async function circumstancesOf(
  row: BroadcastRow,
  caller: Caller,
  membership: Belonging,
): Promise<Circumstances> {
  const about: Circumstances = {
    regionCode: row.regionCode,
    broadcastId: row.id,
    owner: caller?.accountId === row.ownerAccountId,
    member: row.visibility === 'public',
    standing: stageStanding(await membership.standingOf(row.id, caller?.accountId)),
  };
  if (about.member || !caller) return about;
  // Also where a role lets them read: to take part is another matter, and outlasts the role.
  return { ...about, member: await membership.isMember(row.id, caller.personId) };
}
