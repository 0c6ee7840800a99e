import { addressKey } from '../platform/address-key.ts';
import { audit } from '../platform/audit.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/open.ts';
import { fieldError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Vault } from '../platform/vault.ts';
import type { Regions } from '../regions/service.ts';
import { addAccount, ensurePasswordFits, usernameFrom } from './accounts.ts';
import type { Budgets } from './attempts.ts';
import type { AuthSessions } from './auth-sessions.ts';
import { consentRows, NOTICE_VERSION } from './consent.ts';
import { hashPassword } from './passwords.ts';
import { sealIdNumber, sealName, sealPhone } from './sealed-person.ts';
import { insertGrant } from './store/grants.ts';
import { insertConsents, insertPerson } from './store/persons.ts';

/** A trainee who registers without help. The ID number is not asked for: a station takes it when it verifies. */
export interface Registration {
  name: string;
  phone?: string;
  username: string;
  password: string;
  homeRegionCode: string;
  /** The version of the notice the person agreed to: must be the present one. */
  noticeVersion: string;
}

export function openRegister(parts: {
  db: Database;
  clock: Clock;
  vault: Vault;
  sessions: AuthSessions;
  budgets: Budgets;
  regions: Pick<Regions, 'requireRegion'>;
}) {
  const { db, clock, vault, sessions, budgets, regions } = parts;
  return {
    /**
     * Makes person, account and the role of trainee at home, records the consent, and signs in.
     * Throws `username.taken`, `phone.taken`, `rate.limited` or `input.invalid`.
     */
    async register(
      input: Registration,
      clientAddress: string,
    ): Promise<{ secret: string; accountId: string; personId: string }> {
      await budgets.registerAddress.spend(addressKey(clientAddress));
      if (input.noticeVersion !== NOTICE_VERSION)
        throw fieldError('noticeVersion', 'outdated', `The present notice is ${NOTICE_VERSION}`);
      const username = usernameFrom(input.username);
      ensurePasswordFits(input.password, username);
      const sealed = {
        ...sealName(vault, input.name),
        ...sealPhone(vault, input.phone),
        ...sealIdNumber(vault, undefined),
      };
      const home = await regions.requireRegion(input.homeRegionCode, 'homeRegionCode');
      const passwordHash = await hashPassword(input.password);
      const at = instant(clock.now());
      const personId = newId<'person'>();
      return db.transaction(async (tx) => {
        await insertPerson(tx, {
          id: personId,
          ...sealed,
          homeRegionCode: home.code,
          verification: 'unverified',
          createdAt: at,
        });
        const account = { personId, username, phoneHash: sealed.phoneHash, passwordHash, at };
        const accountId = await addAccount(tx, account);
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
          role: 'trainee',
          regionCode: home.code,
          grantedAt: at,
        });
        await audit(tx, clock, {
          actorAccountId: accountId,
          action: 'account.register',
          objectKind: 'account',
          objectId: accountId,
          regionCode: home.code,
        });
        const { secret } = await sessions.start(accountId, tx);
        return { secret, accountId, personId };
      });
    },
  };
}
