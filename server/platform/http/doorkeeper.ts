import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { ACCESS } from '../access/table.ts';
import { DOORS } from '../access/doors.ts';
import { decide } from '../access/decide.ts';
import type { Caller } from '../access/actor.ts';
import { HubError } from '../errors.ts';
import type { HubEnv } from './environment.ts';

/** The key under which a route stands in `DOORS`. */
export function doorOf(method: string, path: string): string {
  return `${method} ${path}`;
}

/**
 * Opens a door only when the table has a rule for it, and turns away at once whoever no thing behind it could admit.
 * The verb behind asks again with the thing's region and owner. Throws `server.failed` for a door without a rule.
 */
export function ensureDoor(door: string, caller: Caller): void {
  const action = DOORS[door];
  if (!action) throw new HubError('server.failed', { message: `${door} has no rule in the access table` });
  // The best case for the caller: it is theirs, they take part in it, were let into it, and it lies in their region.
  const verdict = decide(ACCESS[action], caller, {
    owner: true,
    member: true,
    standing: 'cohost',
    broadcastId: caller?.token?.broadcastId ?? undefined,
  });
  if (verdict !== 'allowed') throw new HubError(verdict, { params: { action } });
}

export const doorkeeper: MiddlewareHandler<HubEnv> = async (c, next) => {
  const route = matchedRoutes(c).findLast((r) => r.method !== 'ALL');
  if (route) ensureDoor(doorOf(route.method, route.path), c.get('caller'));
  await next();
};
