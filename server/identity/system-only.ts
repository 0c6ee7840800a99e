import type { Role } from '../platform/access/actor.ts';
import { instant, type Clock, type Instant } from '../platform/clock.ts';
import type { Database, Transaction } from '../platform/database/open.ts';
import { newId } from '../platform/ids.ts';
import { emit } from '../platform/outbox/emit.ts';
import type { Vault } from '../platform/vault.ts';
import { newAudienceRow } from './audiences.ts';
import { addAccount, usernameFrom } from './accounts.ts';
import type { AuthSessions } from './auth-sessions.ts';
import { consentRows } from './consent.ts';
import { hashPassword } from './passwords.ts';
import type { PersonVerified } from './persons.ts';
import type { VerificationSource } from './rules.ts';
import { sealIdNumber, sealName, sealPhone } from './sealed-person.ts';
import { insertAudiences } from './store/audiences.ts';
import { findPerson, insertConsents, insertPerson } from './store/persons.ts';

/** A person as the sample invents them; `at` is when they were registered (and verified), now when not said. */
export interface SystemPerson {
  name: string;
  phone?: string;
  idNumber?: string;
  homeRegionCode: string;
  audiences?: string[];
  verifiedBy?: VerificationSource;
  at?: Instant;
}

/**
 * Verbs that ask nobody's permission, for the hub itself: the sample, and tests. No route may lead here. Each takes an open
 * transaction where there is one.
 */
export function openSystemOnly(parts: {
  db: Database;
  clock: Clock;
  vault: Vault;
  sessions: AuthSessions;
  addGrant(
    tx: Transaction,
    grant: { accountId: string; role: Role; regionCode: string; grantedBy: null; at: string },
  ): Promise<string>;
}) {
  const { db, clock, vault, sessions } = parts;
  const within = <T>(tx: Transaction | undefined, work: (tx: Transaction) => Promise<T>): Promise<T> =>
    tx ? work(tx) : db.transaction(work);

  return {
    hashPassword,

    async createPerson(person: SystemPerson, open?: Transaction): Promise<string> {
      const at = person.at ?? instant(clock.now());
      const id = newId<'person'>();
      const sealed = {
        ...sealName(vault, person.name),
        ...sealPhone(vault, person.phone),
        ...sealIdNumber(vault, person.idNumber),
      };
      const verified = person.verifiedBy !== undefined;
      await within(open, async (tx) => {
        await insertPerson(tx, {
          id,
          ...sealed,
          homeRegionCode: person.homeRegionCode,
          verification: verified ? 'verified' : 'unverified',
          verificationSource: person.verifiedBy,
          verifiedAt: verified ? at : null,
          createdAt: at,
        });
        const consent = {
          personId: id,
          method: 'paper',
          sensitive: false,
          recordedBy: null,
          givenAt: at,
        } as const;
        await insertConsents(tx, consentRows(consent));
        const rows = (person.audiences ?? []).map((audience) =>
          newAudienceRow({
            ...{ personId: id, audience, since: null, source: 'registration' },
            ...{ recordedAt: at, recordedBy: null },
          }),
        );
        await insertAudiences(tx, rows);
        const event: PersonVerified = {
          type: 'identity.person-verified',
          payload: { personId: id, verifiedAt: at },
        };
        if (verified) await emit(tx, event, at);
      });
      return id;
    },

    /** Gives a person an account. `passwordHash` is from `hashPassword`, so that many accounts can share the cost of one. */
    createAccountFor(
      personId: string,
      account: { username: string; passwordHash: string; at?: Instant },
      open?: Transaction,
    ): Promise<string> {
      const { passwordHash, at = instant(clock.now()) } = account;
      const username = usernameFrom(account.username);
      return within(open, async (tx) => {
        const phoneHash = (await findPerson(tx, personId))?.phoneHash ?? null;
        return addAccount(tx, { personId, username, phoneHash, passwordHash, at });
      });
    },

    giveRole(
      accountId: string,
      role: Role,
      regionCode: string,
      options: { at?: Instant } = {},
      open?: Transaction,
    ): Promise<string> {
      const at = options.at ?? instant(clock.now());
      return within(open, (tx) => parts.addGrant(tx, { accountId, role, regionCode, grantedBy: null, at }));
    },

    /** Signs an account in without its password. `secret` is what the cookie holds. */
    openSession: (accountId: string) => sessions.start(accountId),
  };
}
