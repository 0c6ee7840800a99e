import { parse } from 'hono/utils/cookie';
import type { Actor, Caller } from '../platform/access/actor.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Reader } from '../platform/database/open.ts';
import { HubError } from '../platform/errors.ts';
import type { Authenticator } from '../platform/http/identify.ts';
import type { Vault } from '../platform/vault.ts';
import { SESSION_COOKIE, type AuthSessions } from './auth-sessions.ts';
import { findAccountWithGrants } from './store/accounts.ts';
import { findToken, findTokenByHash, type TokenRow } from './store/tokens.ts';
import { hashToken } from './tokens.ts';

/**
 * Who is behind a cookie or a bearer token, read anew at each request so that a revoked role or session counts at
 * once. A dead cookie makes its bearer anonymous; a dead token is refused with `auth.expired`.
 */
export function openAuthenticator(parts: {
  db: Reader;
  clock: Clock;
  vault: Vault;
  sessions: AuthSessions;
}): Authenticator & { actorOf(accountId: string): Promise<Caller>; again(actor: Actor): Promise<Caller> } {
  const { db, clock, vault, sessions } = parts;

  async function actorOf(accountId: string, extra: Partial<Actor> = {}): Promise<Caller> {
    const account = await findAccountWithGrants(db, accountId);
    if (account?.status !== 'active') return undefined;
    return { accountId, personId: account.personId, grants: account.grants, ...extra };
  }

  /** The account behind a token that lives, cut by it. */
  async function bearerOf(row: TokenRow | undefined): Promise<Caller> {
    if (row?.revokedAt !== null || row.expiresAt <= instant(clock.now())) return undefined;
    const { id, scope, broadcastId, expiresAt } = row;
    return actorOf(row.accountId, { token: { id, scope, broadcastId, expiresAt } });
  }

  async function byToken(token: string): Promise<Caller> {
    const caller = await bearerOf(await findTokenByHash(db, hashToken(vault, token)));
    if (!caller) throw new HubError('auth.expired', { message: 'The token is unknown, revoked or expired' });
    return caller;
  }

  async function byCookie(secret: string): Promise<Caller> {
    const session = await sessions.find(secret);
    return session && actorOf(session.accountId, { authSessionId: session.id });
  }

  return {
    actorOf: (accountId) => actorOf(accountId),

    /** The same caller at this moment; undefined where the account or the token they came by is no more. */
    again: async ({ accountId, token }) =>
      token ? bearerOf(await findToken(db, token.id)) : actorOf(accountId),

    async identify(headers) {
      const bearer = /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
      if (bearer) return { caller: await byToken(bearer), byCookie: false };
      const secret = parse(headers.get('cookie') ?? '', SESSION_COOKIE)[SESSION_COOKIE];
      const caller = secret ? await byCookie(secret) : undefined;
      return { caller, byCookie: caller !== undefined };
    },
  };
}
