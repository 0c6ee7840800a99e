import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import type { HubEnv } from '../platform/http/environment.ts';
import { parse } from '../platform/http/parse.ts';
import type { Broadcasts } from './service.ts';

const naming = z.object({ username: z.string().trim().min(1).max(64) });

/** Below a broadcast's own address. */
export function cohostRoutes(broadcasts: Broadcasts) {
  const tags = ['broadcasts'];
  return new Hono<HubEnv>()
    .get(
      '/:id/cohosts',
      describeRoute({ tags, summary: 'Who may go on the air beside the owner' }),
      async (c) => c.json({ cohosts: await broadcasts.listCohosts(c.get('caller'), c.req.param('id')) }),
    )
    .post(
      '/:id/cohosts',
      describeRoute({ tags, summary: 'Name a co-host by their username' }),
      parse('json', naming),
      async (c) => {
        const { username } = c.req.valid('json');
        return c.json({ cohosts: await broadcasts.nameCohost(c.get('caller'), c.req.param('id'), username) });
      },
    )
    .delete(
      '/:id/cohosts/:accountId',
      describeRoute({ tags, summary: 'A co-host is one no longer; what they publish ends at once' }),
      async (c) => {
        const { id, accountId } = c.req.param();
        return c.json({ cohosts: await broadcasts.removeCohost(c.get('caller'), id, accountId) });
      },
    );
}
