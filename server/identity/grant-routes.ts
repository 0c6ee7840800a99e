import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { ROLES } from '../platform/access/actor.ts';
import type { HubEnv } from '../platform/http/environment.ts';
import { parse } from '../platform/http/parse.ts';
import type { Identity } from './service.ts';

const newGrant = z.object({
  username: z.string().min(1).max(200),
  role: z.enum(ROLES),
  regionCode: z.string().min(1).max(12),
});
const filter = z.object({
  role: z.enum(ROLES).optional(),
  username: z.string().max(200).optional(),
  after: z.string().max(64).optional(),
});

const about = (summary: string) => describeRoute({ tags: ['roles'], summary });

/** Roles held for a region, given and ended by administrators within their own subtree. */
export function grantRoutes(identity: Identity) {
  return new Hono<HubEnv>()
    .get('/', about('Standing roles in your regions'), parse('query', filter), async (c) =>
      c.json(await identity.listGrants(c.get('caller'), c.req.valid('query'))),
    )
    .post('/', about('Give a role for a region'), parse('json', newGrant), async (c) =>
      c.json(await identity.giveRole(c.get('caller'), c.req.valid('json')), 201),
    )
    .delete('/:id', about('End a role at once'), async (c) => {
      await identity.revokeRole(c.get('caller'), c.req.param('id'));
      return c.body(null, 204);
    });
}
