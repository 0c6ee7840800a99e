import { randomUUID } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';
import type { Caller } from '../access/actor.ts';
import { HubError } from '../errors.ts';
import type { HubEnv } from './environment.ts';
import { localeOf } from './locale.ts';
import { isOwnOrigin } from './own-origin.ts';

/** Port: who is behind a request's credentials. Identity implements it. Throws `auth.expired` for a dead token. */
export interface Authenticator {
  identify(headers: Headers): Promise<{ caller: Caller; byCookie: boolean }>;
}

/** Fills in what every request carries: who asks, from where, in which language. */
export function identify(
  authenticator: Authenticator,
  options: { trustProxy: boolean; publicOrigin: string | undefined },
): MiddlewareHandler<HubEnv> {
  return async (c, next) => {
    c.set('requestId', randomUUID());
    c.set('locale', localeOf(c.req.raw.headers));
    c.set('clientAddress', clientAddress(c, options.trustProxy));
    c.header('X-Request-Id', c.get('requestId'));
    const { caller, byCookie } = await authenticator.identify(c.req.raw.headers);
    c.set('caller', caller);
    c.set('byCookie', byCookie);
    if (byCookie && !isSafe(c.req.method)) ensureOwnOrigin(c, options.publicOrigin);
    await next();
  };
}

function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

/** Browsers name the origin of every write; a program that sends neither header has no cookie to be abused. */
function ensureOwnOrigin(c: Context<HubEnv>, publicOrigin: string | undefined): void {
  const asking = {
    origin: c.req.header('origin'),
    host: c.req.header('host'),
    site: c.req.header('sec-fetch-site'),
  };
  if (!isOwnOrigin(asking, publicOrigin)) throw new HubError('access.origin');
}

function clientAddress(c: Context<HubEnv>, trustProxy: boolean): string {
  if (c.env?.forwardedFor) return c.env.forwardedFor;
  if (trustProxy) {
    const nearest = c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim();
    if (nearest) return nearest;
  }
  return c.env?.incoming ? (getConnInfo(c).remote.address ?? 'unknown') : 'unknown';
}
