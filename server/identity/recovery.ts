import { randomInt } from 'node:crypto';
import { addressKey } from '../platform/address-key.ts';
import type { Caller } from '../platform/access/actor.ts';
import { actorWhoMay, may } from '../platform/access/decide.ts';
import { audit } from '../platform/audit.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Database, Transaction } from '../platform/database/open.ts';
import { HubError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Vault } from '../platform/vault.ts';
import { ensurePasswordFits, findAccountTyped, normaliseTyped } from './accounts.ts';
import type { Budgets } from './attempts.ts';
import type { AuthSessions } from './auth-sessions.ts';
import { normaliseUsername } from './names.ts';
import type { AccountNewsDesk } from './news.ts';
import { hashPassword } from './passwords.ts';
import { mayResetHolderOf } from './rules.ts';
import { findAccount, findAccountBy, updateAccount, type AccountRow } from './store/accounts.ts';
import { countFailedAttempt, endOpenCodes, findOpenCodeOf, insertCode, markCodeUsed } from './store/codes.ts';
import { findGrantsOf } from './store/grants.ts';
import { findPerson } from './store/persons.ts';
import { endTokens } from './store/tokens.ts';

const CODE_LIFETIME_MS = 30 * 60_000;
const MOST_FAILED_ATTEMPTS = 5;

/** Forgotten passwords: a code from someone who knows the person, and its use. */
export function openRecovery(parts: {
  db: Database;
  clock: Clock;
  vault: Vault;
  sessions: AuthSessions;
  budgets: Budgets;
  news: AccountNewsDesk;
}) {
  const { db, clock, vault, sessions, budgets, news } = parts;
  const hashCode = (accountId: string, code: string) => vault.hash('recovery-code', `${accountId} ${code}`);

  /** Half an hour is long enough for the issuer to be dismissed or the holder to rise: both are asked again. */
  async function issuerStillMay(
    tx: Transaction,
    issuedBy: string | null,
    holder: AccountRow,
  ): Promise<boolean> {
    const issuer = issuedBy === null ? undefined : await findAccount(tx, issuedBy);
    if (issuer?.status !== 'active') return false;
    const grants = await findGrantsOf(tx, issuer.id);
    const actor = { accountId: issuer.id, personId: issuer.personId, grants };
    const regionCode = (await findPerson(tx, holder.personId))?.homeRegionCode;
    return (
      may(actor, 'account.issue-code', { regionCode }) &&
      mayResetHolderOf(actor, await findGrantsOf(tx, holder.id))
    );
  }

  return {
    /**
     * Makes a code of eight digits, read aloud to someone who forgot the password: valid for 30 minutes, once, and for
     * five tries. An earlier one ends. Refused for accounts whose rights exceed the caller's.
     */
    async issueRecoveryCode(caller: Caller, personId: string): Promise<{ code: string; expiresAt: string }> {
      const person = await findPerson(db, personId);
      const regionCode = person?.homeRegionCode;
      const actor = actorWhoMay(caller, 'account.issue-code', { regionCode });
      if (!person) throw new HubError('not-found');
      const code = String(randomInt(100_000_000)).padStart(8, '0');
      const now = clock.now();
      const expiresAt = instant(now + CODE_LIFETIME_MS);
      await db.transaction(async (tx) => {
        const account = await findAccountBy(tx, { personId });
        if (!account) throw new HubError('person.without-account');
        if (!mayResetHolderOf(actor, await findGrantsOf(tx, account.id)))
          throw new HubError('access.denied', { message: 'This account holds rights the caller does not' });
        await endOpenCodes(tx, 'password-reset', instant(now), account.id);
        const id = newId<'code'>();
        await insertCode(tx, {
          id,
          purpose: 'password-reset',
          codeHash: hashCode(account.id, code),
          accountId: account.id,
          issuedBy: actor.accountId,
          issuedAt: instant(now),
          expiresAt,
        });
        await audit(tx, clock, {
          actorAccountId: actor.accountId,
          action: 'account.issue-code',
          objectKind: 'account',
          objectId: account.id,
          regionCode,
        });
      });
      return { code, expiresAt };
    },

    /**
     * Sets a new password with a code. Every session and token of the account ends. Unknown account, wrong, used and
     * expired code, and one whose issuer may not answer for the account any more, all throw `auth.code-invalid` after
     * the cost of a password; what the database takes longer for an account that exists is not evened out.
     */
    async recover(
      input: { username: string; code: string; password: string },
      clientAddress: string,
    ): Promise<void> {
      await budgets.recoverAddress.spend(addressKey(clientAddress));
      await budgets.recoverAccount.spend(vault.hash('recovery', normaliseTyped(input.username)));
      const account = await findAccountTyped(db, vault, input.username);
      ensurePasswordFits(input.password, account?.username ?? normaliseUsername(input.username));
      const passwordHash = await hashPassword(input.password);
      if (!account || account.status !== 'active') throw new HubError('auth.code-invalid');
      const offered = hashCode(account.id, input.code.normalize('NFKC').replace(/\D/g, ''));
      const ended = await db.transaction(async (tx) => {
        const at = instant(clock.now());
        const open = await findOpenCodeOf(tx, account.id, at);
        if (!open || open.failedAttempts >= MOST_FAILED_ATTEMPTS) return undefined;
        if (open.codeHash !== offered) {
          await countFailedAttempt(tx, open.id);
          return undefined;
        }
        if (!(await issuerStillMay(tx, open.issuedBy, account))) return undefined;
        await markCodeUsed(tx, open.id, at);
        await updateAccount(tx, account.id, { passwordHash });
        await endTokens(tx, account.id, at);
        await audit(tx, clock, {
          actorAccountId: account.id,
          action: 'account.recover',
          objectKind: 'account',
          objectId: account.id,
          detail: { codeIssuedBy: open.issuedBy },
        });
        return sessions.endAll(account.id, { reader: tx });
      });
      if (!ended) throw new HubError('auth.code-invalid');
      news.tell({ kind: 'sessions-ended', accountId: account.id, authSessionIds: ended });
      news.tell({ kind: 'tokens-ended', accountId: account.id });
    },
  };
}
