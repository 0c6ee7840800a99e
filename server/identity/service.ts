import type { Actor } from '../platform/access/actor.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/open.ts';
import type { Vault } from '../platform/vault.ts';
import type { Regions } from '../regions/service.ts';
import { openBudgets } from './attempts.ts';
import { openAuthSessions } from './auth-sessions.ts';
import { openAuthenticator } from './authenticate.ts';
import { openDescriptions } from './describe.ts';
import { openGrants } from './grants.ts';
import { openMerging } from './merging.ts';
import { openAccountNews } from './news.ts';
import { openPersons } from './persons.ts';
import { openRecovery } from './recovery.ts';
import { openRegister } from './register.ts';
import { openRoster } from './roster.ts';
import { openSetup } from './setup.ts';
import { openSignIn } from './sign-in.ts';
import { openSystemOnly } from './system-only.ts';
import { openTokens } from './tokens.ts';

export type { PersonBrief, PersonInfo } from './describe.ts';
export type { AccountNews } from './news.ts';
export { readAudiences, type HeldAudience } from './audiences.ts';
export { isSensitive } from './consent.ts';
export { isIdNumber, normaliseIdNumber } from './id-number.ts';
export { normalisePhone } from './phone.ts';
export { normaliseName } from './names.ts';
export type { AlikePair, MergeFacts, MergeNews } from './merging.ts';
export type { PersonVerified } from './persons.ts';
export type { RosterEntry, RosterMatch, SealedEntry } from './roster.ts';

export type Identity = ReturnType<typeof openIdentity>;

/** Persons, accounts, sessions and the roles held for a region. */
export function openIdentity(given: { db: Database; clock: Clock; vault: Vault; regions: Regions }) {
  const sessions = openAuthSessions(given.db);
  const news = openAccountNews();
  const parts = { ...given, sessions, news, budgets: openBudgets() };
  const authenticator = openAuthenticator(parts);
  const { addGrant, ...grants } = openGrants(parts);

  return {
    /** Who is behind a request's headers, also for sockets. */
    authenticator,
    /** An account with the rights it holds now, for what acts in its name without a session. Undefined: closed. */
    actorOf: (accountId: string) => authenticator.actorOf(accountId),
    again: (actor: Actor) => authenticator.again(actor),
    /** True while a sign-in session (`Actor.authSessionId`) can still be used. */
    isSessionAlive: (authSessionId: string) => sessions.isAlive(authSessionId),
    /** Hears of ended sessions and changed roles, so that open connections can be closed. Returns the way to stop. */
    onAccountNews: news.listen,
    /** Removes sign-in sessions that ran out; called at each start. */
    sweepSessions: () => sessions.sweepExpired(),
    ...openSignIn(parts),
    ...openRegister(parts),
    ...openRecovery(parts),
    ...openTokens(parts),
    ...grants,
    ...openPersons(parts),
    ...openRoster(parts),
    ...openMerging(parts),
    ...openSetup(parts),
    ...openDescriptions(parts),
    systemOnly: openSystemOnly({ ...parts, addGrant }),
  };
}
