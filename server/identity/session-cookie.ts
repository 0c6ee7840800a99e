import type { Context } from 'hono';
import { deleteCookie, setCookie } from 'hono/cookie';
import type { HubEnv } from '../platform/http/environment.ts';
import { COOKIE_MAX_AGE_SECONDS, SESSION_COOKIE } from './auth-sessions.ts';

/** How the hub is reached: decides whether the cookie may travel without TLS. */
export interface CookieSecurity {
  /** The hub serves TLS itself, or its public origin is https. */
  always: boolean;
  /** X-Forwarded-Proto comes from our own proxy. */
  trustProxy: boolean;
}

function attributes(c: Context<HubEnv>, security: CookieSecurity) {
  const overTls =
    security.always ||
    (security.trustProxy && c.req.header('x-forwarded-proto')?.split(',').at(-1)?.trim() === 'https');
  return { httpOnly: true, sameSite: 'Lax', secure: overTls, path: '/' } as const;
}

/** Hands the session's secret to the browser. */
export function giveSessionCookie(c: Context<HubEnv>, secret: string, security: CookieSecurity): void {
  setCookie(c, SESSION_COOKIE, secret, { ...attributes(c, security), maxAge: COOKIE_MAX_AGE_SECONDS });
}

export function takeSessionCookie(c: Context<HubEnv>, security: CookieSecurity): void {
  deleteCookie(c, SESSION_COOKIE, attributes(c, security));
}
