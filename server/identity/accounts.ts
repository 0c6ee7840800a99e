import { HubError, fieldError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Reader, Transaction } from '../platform/database/open.ts';
import type { Vault } from '../platform/vault.ts';
import { isUsername, normaliseUsername } from './names.ts';
import { faultOfPassword } from './passwords.ts';
import { normalisePhone } from './phone.ts';
import { hashPhone } from './sealed-person.ts';
import { findAccountBy, insertAccount, type AccountRow } from './store/accounts.ts';

const PASSWORD_FAULTS = {
  too_small: 'A password has at least 8 characters',
  too_big: 'A password has at most 200 characters',
  common: 'This password is among the first that are guessed',
  'like-username': 'The password is the username',
} as const;

/** The username as kept. Throws `input.invalid` at `username`. */
export function usernameFrom(text: string): string {
  const username = normaliseUsername(text);
  if (!isUsername(username))
    throw fieldError('username', 'username', 'Two to 32 letters, digits or . _ -, beginning with a letter');
  return username;
}

/** Throws `input.invalid` at `field`. */
export function ensurePasswordFits(password: string, username: string, field = 'password'): void {
  const fault = faultOfPassword(password, username);
  if (fault) throw fieldError(field, fault, PASSWORD_FAULTS[fault]);
}

/** One form of what people type to say which account they mean, however they spell it: for budgets of tries. */
export function normaliseTyped(typed: string): string {
  return normalisePhone(typed) ?? normaliseUsername(typed);
}

/** The account that a person means by what they typed: a phone number or a username. */
export async function findAccountTyped(
  db: Reader,
  vault: Vault,
  typed: string,
): Promise<AccountRow | undefined> {
  const phone = normalisePhone(typed);
  return findAccountBy(
    db,
    phone ? { phoneHash: hashPhone(vault, phone) } : { username: normaliseUsername(typed) },
  );
}

/** Adds an account. Throws `username.taken` or `phone.taken`; the transaction keeps two at once apart. */
export async function addAccount(
  tx: Transaction,
  account: { personId: string; username: string; phoneHash: string | null; passwordHash: string; at: string },
): Promise<string> {
  const { at, ...columns } = account;
  if (await findAccountBy(tx, { username: account.username }))
    throw new HubError('username.taken', {
      fields: [{ path: 'username', rule: 'taken', message: 'taken' }],
    });
  if (account.phoneHash !== null && (await findAccountBy(tx, { phoneHash: account.phoneHash })))
    throw new HubError('phone.taken', { fields: [{ path: 'phone', rule: 'taken', message: 'taken' }] });
  const id = newId<'account'>();
  await insertAccount(tx, { id, ...columns, displayName: null, status: 'active', createdAt: at });
  return id;
}
