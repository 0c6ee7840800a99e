import { Hono, type Context } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import type { HubEnv } from '../http/environment.ts';
import { fileBodies } from '../http/file-bodies.ts';
import { parse } from '../http/parse.ts';
import type { ImportKind } from './contract.ts';
import type { Imports } from './service.ts';

const mapping = z.object({
  mapping: z.record(z.string().max(40), z.number().int().min(0).max(199)),
});
const rowParam = z.object({ id: z.string().max(64), row: z.coerce.number().int().min(1).max(2_000_000) });
const mending = z.object({
  cells: z.record(z.string().max(40), z.string().max(200)).optional(),
  skipped: z.boolean().optional(),
});
const declaration = z.object({
  consent: z
    .object({ method: z.enum(['paper', 'spoken']), sensitive: z.boolean().default(false) })
    .optional(),
});

const about = (summary: string) => describeRoute({ tags: ['imports'], summary });

/** `/api/imports`: one’s own drafts. */
export function importRoutes(imports: Imports) {
  async function begin(c: Context<HubEnv>, kind: ImportKind['kind'], target: string) {
    const view = await fileBodies.with(c, (file) => imports.begin(c.get('caller'), kind, target, file));
    return c.json(view, 201);
  }
  return new Hono<HubEnv>()
    .get('/templates/:kind', about('An empty table to fill in (xlsx)'), async (c) => {
      const { fileName, bytes } = await imports.template(c.get('caller'), c.req.param('kind'));
      return c.body(new Uint8Array(bytes), 200, {
        'Content-Type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`,
      });
    })
    .get('/:id', about('A draft with what is wrong in it'), async (c) =>
      c.json(await imports.read(c.get('caller'), c.req.param('id'))),
    )
    .put('/:id/mapping', about('Say which column is which'), parse('json', mapping), async (c) =>
      c.json(await imports.map(c.get('caller'), c.req.param('id'), c.req.valid('json').mapping)),
    )
    .patch(
      '/:id/rows/:row',
      about('Mend cells of a row, or leave it out'),
      parse('param', rowParam),
      parse('json', mending),
      async (c) => {
        const { id, row } = c.req.valid('param');
        return c.json(await imports.mend(c.get('caller'), id, row, c.req.valid('json')));
      },
    )
    .post(
      '/:id/confirmation',
      about('Take everything over, or nothing'),
      parse('json', declaration),
      async (c) => c.json(await imports.confirm(c.get('caller'), c.req.param('id'), c.req.valid('json'))),
    )
    .delete('/:id', about('Give a draft up'), async (c) => {
      await imports.giveUp(c.get('caller'), c.req.param('id'));
      return c.body(null, 204);
    })
    .post('/runs/:id', about('Send a list of people to enrol: the bytes of an xlsx or CSV file'), async (c) =>
      begin(c, 'enrolments', c.req.param('id')),
    )
    .post(
      '/regions/:code',
      about('Send a list of townships and villages: the bytes of an xlsx or CSV file'),
      async (c) => begin(c, 'regions', c.req.param('code')),
    );
}
