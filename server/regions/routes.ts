import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import type { HubEnv } from '../platform/http/environment.ts';
import { parse } from '../platform/http/parse.ts';
import type { Regions } from './service.ts';

const code = z.string().regex(/^\d{6}(\d{3}(\d{3})?)?$/);
const newRegion = z.object({ code, name: z.string().trim().min(1).max(40), parentCode: code });
const filter = z.object({ parentCode: code.optional(), under: code.optional() });

export function regionRoutes(regions: Regions) {
  return new Hono<HubEnv>()
    .get(
      '/',
      describeRoute({ tags: ['regions'], summary: 'Regions by parent or subtree' }),
      parse('query', filter),
      async (c) => c.json({ regions: await regions.listRegions(c.req.valid('query')) }),
    )
    .post(
      '/',
      describeRoute({ tags: ['regions'], summary: 'Add a township or village' }),
      parse('json', newRegion),
      async (c) => c.json(await regions.addRegion(c.get('caller'), c.req.valid('json')), 201),
    );
}
