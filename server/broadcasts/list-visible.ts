import type { Caller } from '../platform/access/actor.ts';
import { may, prefixesWhereMay, type Circumstances } from '../platform/access/decide.ts';
import type { Database } from '../platform/database/open.ts';
import type { Membership } from './ports.ts';
import { listBroadcastRows, type BroadcastRow } from './store.ts';

type Filter = Omit<Parameters<typeof listBroadcastRows>[1], 'sight' | 'onlyId'>;

/**
 * One page of what the caller may read, newest first, with what is true of each for them. The database decides what is
 * in sight, in two queries whatever is stored; the rule of the access table has the last word on each row.
 */
export async function listVisible(
  { db, membership }: { db: Database; membership: Membership },
  caller: Caller,
  filter: Filter,
): Promise<{ row: BroadcastRow; about: Circumstances }[]> {
  const memberOf = caller ? await membership.broadcastIdsOf(caller.personId) : [];
  const rows = await listBroadcastRows(db, {
    ...filter,
    onlyId: caller?.token?.broadcastId ?? undefined,
    sight: {
      ownerAccountId: caller?.accountId,
      regionPrefixes: prefixesWhereMay(caller, 'broadcast.read'),
      broadcastIds: memberOf,
    },
  });
  const members = new Set(memberOf);
  return rows
    .map((row) => ({
      row,
      about: {
        regionCode: row.regionCode,
        broadcastId: row.id,
        owner: caller?.accountId === row.ownerAccountId,
        member: row.visibility === 'public' || members.has(row.id),
      },
    }))
    .filter(({ about }) => may(caller, 'broadcast.read', about));
}
