import { randomBytes } from 'node:crypto';
import { addressKey } from '../platform/address-key.ts';
import { EVERYWHERE } from '../platform/access/actor.ts';
import { audit } from '../platform/audit.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Database, Reader } from '../platform/database/open.ts';
import { HubError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Vault } from '../platform/vault.ts';
import type { Regions } from '../regions/service.ts';
import { addAccount, ensurePasswordFits, usernameFrom } from './accounts.ts';
import type { Budgets } from './attempts.ts';
import type { AuthSessions } from './auth-sessions.ts';
import { consentRows } from './consent.ts';
import { hashPassword } from './passwords.ts';
import { sealIdNumber, sealName, sealPhone } from './sealed-person.ts';
import { endOpenCodes, findOpenCode, insertCode, markCodeUsed } from './store/codes.ts';
import { findStandingGrants, insertGrant } from './store/grants.ts';
import { insertConsents, insertPerson } from './store/persons.ts';

/** The link lives as long as nobody used it; each start makes another, and this ends one that was forgotten in a log. */
const LINK_LIFETIME_MS = 7 * 86_400_000;

/** The first administrator, made by whoever can read the console. */
export interface Setup {
  token: string;
  username: string;
  password: string;
  name: string;
  /** Where the administrator is at home; the first prefecture of the map when not said. */
  homeRegionCode?: string;
}

export function openSetup(parts: {
  db: Database;
  clock: Clock;
  vault: Vault;
  sessions: AuthSessions;
  budgets: Budgets;
  regions: Pick<Regions, 'requireRegion' | 'listRegions'>;
}) {
  const { db, clock, vault, sessions, budgets, regions } = parts;
  const hashLink = (token: string) => vault.hash('setup-link', token);
  const hasAdministrator = async (reader: Reader) =>
    (await findStandingGrants(reader, { role: 'administrator', regionCode: EVERYWHERE })).length > 0;
  const openLink = (reader: Reader, token: string) =>
    findOpenCode(reader, 'setup', hashLink(token), instant(clock.now()));

  return {
    /**
     * The secret of a fresh one-time link when the hub has no administrator, else undefined. An earlier link ends:
     * only the newest on the console works.
     */
    async ensureSetupLink(): Promise<string | undefined> {
      const token = randomBytes(32).toString('base64url');
      const now = clock.now();
      return db.transaction(async (tx) => {
        if (await hasAdministrator(tx)) return undefined;
        await endOpenCodes(tx, 'setup', instant(now));
        await insertCode(tx, {
          id: newId<'code'>(),
          purpose: 'setup',
          codeHash: hashLink(token),
          issuedAt: instant(now),
          expiresAt: instant(now + LINK_LIFETIME_MS),
        });
        return token;
      });
    },

    /** Whether the link can still be used. */
    async isSetupLinkValid(token: string, clientAddress: string): Promise<boolean> {
      await budgets.setupAddress.spend(addressKey(clientAddress));
      return (await openLink(db, token)) !== undefined;
    },

    /** Makes the first administrator and signs in. Of two at once one wins; the other gets `setup.link-invalid`. */
    async setUp(input: Setup, clientAddress: string): Promise<{ secret: string; accountId: string }> {
      await budgets.setupAddress.spend(addressKey(clientAddress));
      if (!(await openLink(db, input.token))) throw new HubError('setup.link-invalid');
      const username = usernameFrom(input.username);
      ensurePasswordFits(input.password, username);
      const sealed = {
        ...sealName(vault, input.name),
        ...sealPhone(vault, undefined),
        ...sealIdNumber(vault, undefined),
      };
      const home =
        input.homeRegionCode === undefined
          ? (await regions.listRegions()).find((region) => region.level === 'prefecture')
          : await regions.requireRegion(input.homeRegionCode, 'homeRegionCode');
      if (!home) throw new Error('The map has no prefecture; the reference regions were not seeded');
      const passwordHash = await hashPassword(input.password);
      const at = instant(clock.now());
      const personId = newId<'person'>();
      return db.transaction(async (tx) => {
        const link = await openLink(tx, input.token);
        if (!link || (await hasAdministrator(tx))) throw new HubError('setup.link-invalid');
        await markCodeUsed(tx, link.id, at);
        await insertPerson(tx, {
          id: personId,
          ...sealed,
          homeRegionCode: home.code,
          verification: 'unverified',
          createdAt: at,
        });
        const accountId = await addAccount(tx, { personId, username, phoneHash: null, passwordHash, at });
        const consent = {
          personId,
          method: 'self',
          sensitive: false,
          recordedBy: accountId,
          givenAt: at,
        } as const;
        await insertConsents(tx, consentRows(consent));
        await insertGrant(tx, {
          id: newId<'grant'>(),
          accountId,
          role: 'administrator',
          regionCode: EVERYWHERE,
          grantedAt: at,
        });
        await audit(tx, clock, {
          actorAccountId: accountId,
          action: 'hub.setup',
          objectKind: 'account',
          objectId: accountId,
        });
        const { secret } = await sessions.start(accountId, tx);
        return { secret, accountId };
      });
    },
  };
}
