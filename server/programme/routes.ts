import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import type { HubEnv } from '../platform/http/environment.ts';
import { pageQuery } from '../platform/http/paging.ts';
import { parse } from '../platform/http/parse.ts';
import { INDICATORS } from './catalogue.ts';
import type { Programmes } from './service.ts';

const day = z.iso.date();
const code = z.string().regex(/^\d{6,12}$/);

const copy = z.object({
  catalogueId: z.string().min(1).max(64),
  name: z.string().trim().min(2).max(80).optional(),
  startsOn: day,
  endsOn: day,
  regionCodes: z.array(code).min(1).max(20),
  targets: z
    .array(
      z.object({
        indicatorCode: z.string().min(1).max(64),
        value: z.number().min(0).max(1e9),
        operator: z.enum(['>=', '>', '<=', '=']),
        scope: z.enum(['whole', 'each-county']),
        dueOn: day.optional(),
        clause: z.string().trim().max(80).optional(),
      }),
    )
    .max(80)
    .default([]),
});

const sight = z.object({ region: code.optional(), asOf: day.optional() });
const evidence = pageQuery.extend({
  ...sight.shape,
  standing: z.enum(['counted', 'unverified', 'outside-period']).default('counted'),
});

const described = (summary: string) => describeRoute({ tags: ['programmes'], summary });

/** `/api/catalogue/programmes` */
export function catalogueRoutes(programmes: Programmes) {
  return new Hono<HubEnv>().get(
    '/',
    described('The programmes that may be copied, with their targets'),
    (c) => c.json({ programmes: programmes.listCatalogue(c.get('caller')), indicators: INDICATORS }),
  );
}

/** `/api/programmes` */
export function programmeRoutes(programmes: Programmes) {
  return new Hono<HubEnv>()
    .get('/', described('Programmes of this hub'), parse('query', pageQuery), async (c) =>
      c.json(await programmes.listProgrammes(c.get('caller'), c.req.valid('query').page)),
    )
    .post(
      '/',
      described('Copy a catalogue programme to own dates and regions'),
      parse('json', copy),
      async (c) => c.json(await programmes.copyProgramme(c.get('caller'), c.req.valid('json')), 201),
    )
    .get('/:id', described('A programme’s public facts: document, stages, counties, targets'), async (c) =>
      c.json(await programmes.readProgramme(c.get('caller'), c.req.param('id'))),
    )
    .get(
      '/:id/indicators',
      described(
        'Each indicator’s value, target, operator, unit, rule version and evidence link, in a region, as of a day',
      ),
      parse('query', sight),
      async (c) =>
        c.json(await programmes.readIndicators(c.get('caller'), c.req.param('id'), c.req.valid('query'))),
    )
    .get(
      '/:id/freshness',
      described('The last fact that the figures contain'),
      parse('query', z.object({ region: code.optional() })),
      async (c) =>
        c.json(
          await programmes.readFreshness(c.get('caller'), c.req.param('id'), c.req.valid('query').region),
        ),
    )
    .get(
      '/:id/indicators/:code/evidence',
      described('The rows behind a figure, masked; the counted ones sum to it'),
      parse('query', evidence),
      async (c) =>
        c.json(
          await programmes.readEvidence(
            c.get('caller'),
            c.req.param('id'),
            c.req.param('code'),
            c.req.valid('query'),
          ),
        ),
    )
    .post(
      '/:id/recompute',
      described('Rebuild the evidence from the rooms, compare, repair, report'),
      async (c) => c.json(await programmes.recompute(c.get('caller'), c.req.param('id'))),
    );
}
