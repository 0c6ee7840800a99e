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
  secondPublisher: z.enum(['take-over', 'refuse']).optional(),
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
    )
    .get(
      '/:id/stream-key',
      describeRoute({ tags, summary: 'How an encoder is set up, and what is seen of it' }),
      async (c) =>
        c.json(await broadcasts.readStreamKey(c.get('caller'), c.req.param('id'), hostOf(c.req.url))),
    )
    .post(
      '/:id/stream-key',
      describeRoute({ tags, summary: 'Make or change the key encoders push with; shown once' }),
      async (c) =>
        c.json(await broadcasts.makeStreamKey(c.get('caller'), c.req.param('id'), hostOf(c.req.url)), 201),
    )
    .delete(
      '/:id/stream-key',
      describeRoute({ tags, summary: 'Take the key back; an encoder that pushes with it is cut off' }),
      async (c) => {
        await broadcasts.revokeStreamKey(c.get('caller'), c.req.param('id'));
        return c.body(null, 204);
      },
    );
}

/** The caller's own stream key. */
export function ownStreamKeyRoutes({ ownStreamKey }: Broadcasts) {
  const tags = ['broadcasts'];
  return new Hono<HubEnv>()
    .get('/', describeRoute({ tags, summary: "Whether one's own stream key is made" }), async (c) =>
      c.json(await ownStreamKey.read(c.get('caller'), hostOf(c.req.url))),
    )
    .post(
      '/',
      describeRoute({ tags, summary: "Make or change one's own stream key; shown once" }),
      async (c) => c.json(await ownStreamKey.make(c.get('caller'), hostOf(c.req.url)), 201),
    )
    .delete('/', describeRoute({ tags, summary: "Take one's own stream key back" }), async (c) => {
      await ownStreamKey.revoke(c.get('caller'));
      return c.body(null, 204);
    });
}

/** The name by which the asking page reached the hub. */
function hostOf(url: string): string {
  return new URL(url).hostname;
}
