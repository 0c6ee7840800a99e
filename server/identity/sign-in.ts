import { addressKey } from '../platform/address-key.ts';
import type { Actor, Caller, Grant } from '../platform/access/actor.ts';
import { actorWhoMay } from '../platform/access/decide.ts';
import { audit } from '../platform/audit.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Database, Transaction } from '../platform/database/open.ts';
import { HubError } from '../platform/errors.ts';
import type { Vault } from '../platform/vault.ts';
import { ensurePasswordFits, findAccountTyped, normaliseTyped } from './accounts.ts';
import type { Budgets } from './attempts.ts';
import type { AuthSessions } from './auth-sessions.ts';
import { normaliseName } from './names.ts';
import type { AccountNewsDesk } from './news.ts';
import { hashPassword, passwordMatches } from './passwords.ts';
import { sectionsFor, type Sections } from './rules.ts';
import { maskedOf } from './sealed-person.ts';
import { findAccount, updateAccount, type AccountRow } from './store/accounts.ts';
import { findPerson } from './store/persons.ts';
import { endTokens } from './store/tokens.ts';

/** What someone signed in is told about themselves. */
export interface Me {
  account: { id: string; username: string; displayName: string | null };
  /** Masked also for oneself: a screen is seen by others. */
  person: {
    id: string;
    name: string;
    phone: string | null;
    idNumber: string | null;
    homeRegionCode: string;
    verified: boolean;
  };
  grants: readonly Grant[];
  sections: Sections;
  token: Actor['token'] | null;
}

interface Parts {
  db: Database;
  clock: Clock;
  vault: Vault;
  sessions: AuthSessions;
  budgets: Budgets;
  news: AccountNewsDesk;
}

/** Signing in and out, and what people do to their own account. */
export function openSignIn({ db, clock, vault, sessions, budgets, news }: Parts) {
  /**
   * Each try is paid for before the password is looked at, so that a thousand at once gain nothing. The account's own
   * budget comes last: whoever is stopped at their own address must not go on spending it for the account's owner.
   */
  async function spendTry(typed: string, address: string): Promise<() => Promise<void>> {
    const account = vault.hash('sign-in', normaliseTyped(typed));
    const from = addressKey(address);
    await budgets.signInAddress.spend(from);
    await budgets.signInHere.spend(`${account} ${from}`);
    await budgets.signInAccount.spend(account);
    return async () => {
      await budgets.signInAddress.giveBack(from);
      await budgets.signInAccount.giveBack(account);
      await budgets.signInHere.clear(`${account} ${from}`);
    };
  }

  async function requireOwnAccount(actor: Actor): Promise<AccountRow> {
    const account = await findAccount(db, actor.accountId);
    if (!account) throw new HubError('auth.required');
    return account;
  }

  /** Tokens too: whoever stole a session may have made one of it, and it would outlive every session. */
  async function endAllSignIns(tx: Transaction, accountId: string, exceptId?: string): Promise<string[]> {
    await endTokens(tx, accountId, instant(clock.now()));
    return sessions.endAll(accountId, { exceptId, reader: tx });
  }

  function tellEnded(accountId: string, authSessionIds: readonly string[]): void {
    news.tell({ kind: 'sessions-ended', accountId, authSessionIds });
    news.tell({ kind: 'tokens-ended', accountId });
  }

  return {
    /**
     * Opens a session for a username or phone and its password. Unknown, disabled and wrong all throw `auth.wrong`
     * after the same work. Throws `rate.limited` when account or address has used its tries up.
     */
    async signIn(
      input: { username: string; password: string },
      clientAddress: string,
    ): Promise<{ secret: string; accountId: string }> {
      const forgive = await spendTry(input.username, clientAddress);
      const account = await findAccountTyped(db, vault, input.username);
      const matches = await passwordMatches(account?.passwordHash, input.password);
      if (!account || !matches || account.status !== 'active') throw new HubError('auth.wrong');
      await forgive();
      const { secret } = await sessions.start(account.id);
      return { secret, accountId: account.id };
    },

    /** Ends the session the caller came with. */
    async signOut(caller: Caller): Promise<void> {
      const actor = actorWhoMay(caller, 'session.close');
      if (!actor.authSessionId) return;
      await sessions.end(actor.authSessionId);
      news.tell({
        kind: 'sessions-ended',
        accountId: actor.accountId,
        authSessionIds: [actor.authSessionId],
      });
    },

    /** Ends every session and token of the caller's account, this session too. */
    async signOutEverywhere(caller: Caller): Promise<void> {
      const { accountId } = actorWhoMay(caller, 'session.close');
      const ended = await db.transaction((tx) => endAllSignIns(tx, accountId));
      tellEnded(accountId, ended);
    },

    async describeMe(caller: Caller): Promise<Me> {
      // A token may always ask what it is, also one that is cut to a broadcast.
      const actor = actorWhoMay(caller, 'session.read', {
        broadcastId: caller?.token?.broadcastId ?? undefined,
      });
      const account = await requireOwnAccount(actor);
      const person = await findPerson(db, account.personId);
      if (!person) throw new HubError('auth.required');
      return {
        account: { id: account.id, username: account.username, displayName: account.displayName },
        person: {
          id: person.id,
          ...maskedOf(vault, person),
          homeRegionCode: person.homeRegionCode,
          verified: person.verification === 'verified',
        },
        grants: actor.grants,
        sections: sectionsFor(actor),
        token: actor.token ?? null,
      };
    },

    /** Sets the name others see in classes and rooms; empty takes it back. */
    async chooseDisplayName(caller: Caller, displayName: string): Promise<void> {
      const actor = actorWhoMay(caller, 'account.change-name');
      await updateAccount(db, actor.accountId, { displayName: normaliseName(displayName) || null });
    },

    /**
     * Sets a new password against the present one; the account's other sessions and all its tokens end. Throws
     * `auth.wrong-current` at `current`.
     */
    async changePassword(caller: Caller, input: { current: string; next: string }): Promise<void> {
      const actor = actorWhoMay(caller, 'account.change-password');
      await budgets.confirmAccount.spend(actor.accountId);
      const account = await requireOwnAccount(actor);
      if (!(await passwordMatches(account.passwordHash, input.current)))
        throw new HubError('auth.wrong-current', {
          fields: [{ path: 'current', rule: 'wrong', message: 'Not the present password' }],
        });
      await budgets.confirmAccount.clear(actor.accountId);
      ensurePasswordFits(input.next, account.username, 'next');
      const passwordHash = await hashPassword(input.next);
      const ended = await db.transaction(async (tx) => {
        await updateAccount(tx, account.id, { passwordHash });
        await audit(tx, clock, {
          actorAccountId: actor.accountId,
          action: 'account.change-password',
          objectKind: 'account',
          objectId: account.id,
        });
        return endAllSignIns(tx, account.id, actor.authSessionId);
      });
      tellEnded(account.id, ended);
    },
  };
}
