import { createHash, randomBytes } from 'node:crypto';
import { DrizzleSQLiteAdapter } from '@lucia-auth/adapter-drizzle';
import { Lucia, TimeSpan } from 'lucia';
import { accounts, authSessions } from '../../drizzle/schema/identity.ts';
import type { Reader } from '../platform/database/open.ts';

export const SESSION_COOKIE = 'xiangbo_session';
/** The database decides when a session ends; the cookie only has to outlive it (browsers cap it at 400 days). */
export const COOKIE_MAX_AGE_SECONDS = 400 * 86_400;
const SESSION_DAYS = 30;

/** A sign-in session that is alive. `id` may be passed around; only the cookie's secret signs in. */
export interface AuthSession {
  id: string;
  accountId: string;
}

export type AuthSessions = ReturnType<typeof openAuthSessions>;

/**
 * Sign-in sessions: 30 days, prolonged when half of them are gone. The only file that knows lucia, so that it can be
 * replaced (docs/decisions, sessions). It reads the system's time, not the hub's clock.
 */
export function openAuthSessions(db: Reader) {
  const luciaOn = (reader: Reader) =>
    new Lucia(new DrizzleSQLiteAdapter(reader, authSessions, accounts), {
      sessionExpiresIn: new TimeSpan(SESSION_DAYS, 'd'),
    });
  const lucia = luciaOn(db);

  return {
    /** Opens a session. `secret` goes into the cookie and is kept nowhere. */
    async start(accountId: string, reader: Reader = db): Promise<{ secret: string; session: AuthSession }> {
      const secret = randomBytes(32).toString('base64url');
      const { id } = await luciaOn(reader).createSession(accountId, {}, { sessionId: sessionIdOf(secret) });
      return { secret, session: { id, accountId } };
    },

    /** The living session of a cookie's secret, or undefined. */
    async find(secret: string): Promise<AuthSession | undefined> {
      const { session } = await lucia.validateSession(sessionIdOf(secret));
      return session ? { id: session.id, accountId: session.userId } : undefined;
    },

    async isAlive(id: string): Promise<boolean> {
      return (await lucia.validateSession(id)).session !== null;
    },

    async end(id: string): Promise<void> {
      await lucia.invalidateSession(id);
    },

    /** Ends the account's sessions, but for `exceptId`. Returns the ids that ended. */
    async endAll(accountId: string, options: { exceptId?: string; reader?: Reader } = {}): Promise<string[]> {
      const within = luciaOn(options.reader ?? db);
      const ids = (await within.getUserSessions(accountId)).map((session) => session.id);
      const ending = ids.filter((id) => id !== options.exceptId);
      for (const id of ending) await within.invalidateSession(id);
      return ending;
    },

    async sweepExpired(): Promise<void> {
      await lucia.deleteExpiredSessions();
    },
  };
}

/** The secret is random enough that a plain hash hides it. */
function sessionIdOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
