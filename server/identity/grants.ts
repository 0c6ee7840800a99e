import { EVERYWHERE, type Caller, type Role } from '../platform/access/actor.ts';
import { actorWhoMay, prefixesWhereMay } from '../platform/access/decide.ts';
import { audit } from '../platform/audit.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Database, Transaction } from '../platform/database/open.ts';
import { fieldError, HubError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Vault } from '../platform/vault.ts';
import type { Regions } from '../regions/service.ts';
import { maskName } from './masking.ts';
import { normaliseUsername } from './names.ts';
import type { AccountNewsDesk } from './news.ts';
import { holdsTheHub, roleFitsLevel } from './rules.ts';
import { openName } from './sealed-person.ts';
import { findAccountBy } from './store/accounts.ts';
import { endOpenCodes } from './store/codes.ts';
import { endGrant, findGrant, findStandingGrants, insertGrant, listGrantRows } from './store/grants.ts';

const ROWS_A_PAGE = 50;

/** A standing role, with whose it is. */
export interface GrantInfo {
  id: string;
  role: Role;
  regionCode: string;
  grantedAt: string;
  username: string;
  personId: string;
  name: string;
}

/** Roles held for a region: given, revoked, listed. */
export function openGrants(parts: {
  db: Database;
  clock: Clock;
  vault: Vault;
  regions: Pick<Regions, 'requireRegion'>;
  news: AccountNewsDesk;
}) {
  const { db, clock, vault, regions, news } = parts;

  /** Adds a role. Throws `input.invalid` where the role cannot be held for such a region, `grant.exists` when it is held. */
  async function addGrant(
    tx: Transaction,
    grant: { accountId: string; role: Role; regionCode: string; grantedBy: string | null; at: string },
  ): Promise<string> {
    const everywhere = grant.regionCode === EVERYWHERE;
    const level = everywhere
      ? 'everywhere'
      : (await regions.requireRegion(grant.regionCode, 'regionCode', tx)).level;
    if (!roleFitsLevel(grant.role, level))
      throw fieldError('regionCode', 'level', `A ${grant.role} is not appointed for a ${level}`);
    const { at, ...columns } = grant;
    if ((await findStandingGrants(tx, columns)).length > 0) throw new HubError('grant.exists');
    const id = newId<'grant'>();
    await insertGrant(tx, { id, ...columns, grantedAt: at });
    // Who handed a code out could answer for the account as it was.
    await endOpenCodes(tx, 'password-reset', at, grant.accountId);
    return id;
  }

  return {
    addGrant,

    /** Appoints an account to a role for a region of the caller's own subtree. It counts from the next request on. */
    async giveRole(
      caller: Caller,
      input: { username: string; role: Role; regionCode: string },
    ): Promise<{ id: string }> {
      const { role, regionCode } = input;
      const actor = actorWhoMay(caller, 'grant.give', { regionCode });
      const at = instant(clock.now());
      const given = await db.transaction(async (tx) => {
        const account = await findAccountBy(tx, { username: normaliseUsername(input.username) });
        if (!account) throw fieldError('username', 'unknown', 'There is no account of this name');
        const grant = { accountId: account.id, role, regionCode, grantedBy: actor.accountId, at };
        const id = await addGrant(tx, grant);
        await audit(tx, clock, {
          actorAccountId: actor.accountId,
          action: 'grant.give',
          objectKind: 'grant',
          objectId: id,
          regionCode,
          detail: { role, accountId: account.id },
        });
        return { id, accountId: account.id };
      });
      news.tell({ kind: 'rights-changed', accountId: given.accountId });
      return { id: given.id };
    },

    /** Ends a role held in the caller's subtree, at once. The last administrator of the whole hub stays: `grant.last`. */
    async revokeRole(caller: Caller, grantId: string): Promise<void> {
      const accountId = await db.transaction(async (tx) => {
        const grant = await findGrant(tx, grantId);
        const actor = actorWhoMay(caller, 'grant.revoke', { regionCode: grant?.regionCode });
        if (!grant || grant.revokedAt !== null) throw new HubError('not-found');
        const { role, regionCode } = grant as { role: Role; regionCode: string };
        if (holdsTheHub({ role, regionCode })) {
          const holders = await findStandingGrants(tx, { role, regionCode });
          if (holders.length === 1) throw new HubError('grant.last');
        }
        await endGrant(tx, grantId, { revokedAt: instant(clock.now()), revokedBy: actor.accountId });
        await audit(tx, clock, {
          actorAccountId: actor.accountId,
          action: 'grant.revoke',
          objectKind: 'grant',
          objectId: grantId,
          regionCode,
          detail: { role, accountId: grant.accountId },
        });
        return grant.accountId;
      });
      news.tell({ kind: 'rights-changed', accountId });
    },

    /** Standing roles in the caller's subtree, oldest first, a page at a time. */
    async listGrants(
      caller: Caller,
      filter: { role?: Role; username?: string; after?: string } = {},
    ): Promise<{ grants: GrantInfo[]; next: string | null }> {
      const actor = actorWhoMay(caller, 'grant.list');
      const rows = await listGrantRows(db, {
        prefixes: prefixesWhereMay(actor, 'grant.list'),
        role: filter.role,
        username: filter.username === undefined ? undefined : normaliseUsername(filter.username),
        afterId: filter.after,
        limit: ROWS_A_PAGE + 1,
      });
      const grants = rows.slice(0, ROWS_A_PAGE).map(({ grant, username, personId, nameSealed }) => ({
        id: grant.id,
        role: grant.role as Role,
        regionCode: grant.regionCode,
        grantedAt: grant.grantedAt,
        username,
        personId,
        name: maskName(openName(vault, nameSealed) ?? ''),
      }));
      return { grants, next: rows.length > ROWS_A_PAGE ? (grants.at(-1)?.id ?? null) : null };
    },
  };
}
