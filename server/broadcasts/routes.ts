import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import type { HubEnv } from '../platform/http/environment.ts';
import { parse } from '../platform/http/parse.ts';
import { BROADCAST_STATES } from './rules.ts';
import type { Broadcasts } from './service.ts';

const newBroadcast = z.object({
  title: z.string().trim().min(1).max(80),
  kind: z.enum(['class', 'sale']),
  regionCode: z
    .string()
    .regex(/^\d{6}(\d{3}(\d{3})?)?$/)
    .optional(),
  scheduledFor: z.iso.datetime().optional(),
  visibility: z.enum(['public', 'members']).optional(),
});
const filter = z.object({
  state: z
    .union([z.enum(BROADCAST_STATES), z.array(z.enum(BROADCAST_STATES))])
    .transform((value) => (Array.isArray(value) ? value : [value]))
    .optional(),
  region: z
    .string()
    .regex(/^\d{6}(\d{3}(\d{3})?)?$/)
    .optional(),
  before: z.string().max(64).optional(),
});

export function broadcastRoutes(broadcasts: Broadcasts) {
  const tags = ['broadcasts'];
  return new Hono<HubEnv>()
    .get(
      '/',
      describeRoute({ tags, summary: 'Broadcasts the caller may see, newest first, 50 a page' }),
      parse('query', filter),
      async (c) => {
        const { state, region, before } = c.req.valid('query');
        const listed = await broadcasts.listBroadcasts(c.get('caller'), {
          states: state,
          regionCode: region,
          before,
        });
        return c.json({ broadcasts: listed });
      },
    )
    .post('/', describeRoute({ tags, summary: 'Plan a broadcast' }), parse('json', newBroadcast), async (c) =>
      c.json(await broadcasts.createBroadcast(c.get('caller'), c.req.valid('json')), 201),
    )
    .get('/:id', describeRoute({ tags, summary: 'State, viewers and addresses of a broadcast' }), async (c) =>
      c.json(await broadcasts.readBroadcast(c.get('caller'), c.req.param('id'))),
    )
    .post(
      '/:id/end',
      describeRoute({ tags, summary: 'End a broadcast; its address then plays the replay' }),
      async (c) => c.json(await broadcasts.endBroadcast(c.get('caller'), c.req.param('id'))),
    );
}
