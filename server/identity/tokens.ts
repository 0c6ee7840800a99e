import { randomBytes } from 'node:crypto';
import type { Caller, TokenScope } from '../platform/access/actor.ts';
import { actorWhoMay } from '../platform/access/decide.ts';
import { audit } from '../platform/audit.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/open.ts';
import { HubError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Vault } from '../platform/vault.ts';
import type { AccountNewsDesk } from './news.ts';
import { endTokens, insertToken, listLivingTokens } from './store/tokens.ts';

const MOST_LIVING_TOKENS = 50;
const DAY_MS = 86_400_000;

/** An encoder keeps its token through a season of classes, a player through a day, an integration through half a year. */
const LIFETIME_DAYS: Record<TokenScope, number> = { publish: 30, play: 1, integration: 180 };

/** A bearer token as its owner sees it afterwards; the token itself is shown once. */
export interface TokenInfo {
  id: string;
  scope: TokenScope;
  broadcastId: string | null;
  createdAt: string;
  expiresAt: string;
}

/** Tokens are long and random: found by keyed hash, and nothing but the hash is kept. */
export function hashToken(vault: Vault, token: string): string {
  return vault.hash('api-token', token);
}

/** Bearer tokens of one's own account: issued, listed, revoked. */
export function openTokens(parts: { db: Database; clock: Clock; vault: Vault; news: AccountNewsDesk }) {
  const { db, clock, vault, news } = parts;
  return {
    /**
     * Makes a bearer token for the caller's own account, cut by its scope and to one broadcast where given. Throws
     * `token.too-many` when the account has as many living ones as it may.
     */
    async issueToken(
      caller: Caller,
      input: { scope: TokenScope; broadcastId?: string },
    ): Promise<{ id: string; token: string; expiresAt: string }> {
      const actor = actorWhoMay(caller, 'token.issue');
      const token = `xb_${randomBytes(32).toString('base64url')}`;
      const now = clock.now();
      const id = newId<'api-token'>();
      const expiresAt = instant(now + LIFETIME_DAYS[input.scope] * DAY_MS);
      await db.transaction(async (tx) => {
        if ((await listLivingTokens(tx, actor.accountId, instant(now))).length >= MOST_LIVING_TOKENS)
          throw new HubError('token.too-many', {
            message: `An account has at most ${MOST_LIVING_TOKENS} living tokens`,
            params: { most: MOST_LIVING_TOKENS },
          });
        await insertToken(tx, {
          id,
          tokenHash: hashToken(vault, token),
          accountId: actor.accountId,
          scope: input.scope,
          broadcastId: input.broadcastId ?? null,
          createdAt: instant(now),
          expiresAt,
          revokedAt: null,
        });
        await audit(tx, clock, {
          actorAccountId: actor.accountId,
          action: 'token.issue',
          objectKind: 'api-token',
          objectId: id,
          detail: { scope: input.scope, broadcastId: input.broadcastId ?? null },
        });
      });
      return { id, token, expiresAt };
    },

    /** The caller's own living tokens, newest first. */
    async listTokens(caller: Caller): Promise<TokenInfo[]> {
      const actor = actorWhoMay(caller, 'token.issue');
      const rows = await listLivingTokens(db, actor.accountId, instant(clock.now()));
      return rows.map(({ id, scope, broadcastId, createdAt, expiresAt }) => ({
        id,
        scope,
        broadcastId,
        createdAt,
        expiresAt,
      }));
    },

    /** Ends one of the caller's own tokens at once. Another's is `not-found`. */
    async revokeToken(caller: Caller, id: string): Promise<void> {
      const actor = actorWhoMay(caller, 'token.revoke');
      await db.transaction(async (tx) => {
        const ended = await endTokens(tx, actor.accountId, instant(clock.now()), id);
        if (ended === 0) throw new HubError('not-found');
        await audit(tx, clock, {
          actorAccountId: actor.accountId,
          action: 'token.revoke',
          objectKind: 'api-token',
          objectId: id,
        });
      });
      news.tell({ kind: 'tokens-ended', accountId: actor.accountId });
    },
  };
}
