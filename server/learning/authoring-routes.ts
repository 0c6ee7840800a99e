import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import type { HubEnv } from '../platform/http/environment.ts';
import { fileBodies } from '../platform/http/file-bodies.ts';
import type { Incoming } from '../platform/http/incoming.ts';
import { parse } from '../platform/http/parse.ts';
import { HubError } from '../platform/errors.ts';
import { mediaTypeOf } from './asset-files.ts';
import type { Learning } from './service.ts';

const revision = z.number().int().min(0);
const draft = z.object({ revision, document: z.record(z.string(), z.unknown()) });
const named = z.object({ name: z.string().min(1).max(120) });
const region = z.object({ regionCode: z.string().regex(/^\d{6,12}$/) });
const IMMUTABLE = 'public, max-age=31536000, immutable';

/** `/api/courses`: what its author does. */
export function draftRoutes(learning: Learning) {
  const tags = ['learning'];
  return new Hono<HubEnv>()
    .get(
      '/:id/draft',
      describeRoute({ tags, summary: 'What is being written, and what it still lacks' }),
      async (c) => c.json(await learning.readDraft(c.get('caller'), c.req.param('id'))),
    )
    .put(
      '/:id/draft',
      describeRoute({ tags, summary: 'Keep the whole draft, complete or not' }),
      parse('json', draft),
      async (c) => c.json(await learning.saveDraft(c.get('caller'), c.req.param('id'), c.req.valid('json'))),
    )
    .delete('/:id/draft', describeRoute({ tags, summary: 'Throw the draft away' }), async (c) =>
      c.json(await learning.discardDraft(c.get('caller'), c.req.param('id'))),
    )
    .get('/:id/file', describeRoute({ tags, summary: 'The newest version as one file' }), async (c) => {
      const { bytes, key, version } = await learning.exportCourse(c.get('caller'), c.req.param('id'));
      return c.body(new Uint8Array(bytes), 200, {
        'Content-Type': 'application/zip',
        'Content-Disposition': `attachment; filename="course-${key}-v${version}.zip"`,
        'Cache-Control': 'private, no-store',
      });
    })
    .post(
      '/import',
      describeRoute({ tags, summary: 'Bring a course file in as a draft; the body is its bytes' }),
      parse('query', region),
      async (c) => {
        const { regionCode } = c.req.valid('query');
        const bringIn = (file: Incoming) => learning.importCourse(c.get('caller'), file, regionCode);
        return c.json(await fileBodies.with(c, bringIn), 201);
      },
    )
    .put(
      '/:id/assets',
      describeRoute({ tags, summary: 'Bring a picture or file in; the body is its bytes' }),
      parse('query', named),
      async (c) => {
        const [caller, id, { name }] = [c.get('caller'), c.req.param('id'), c.req.valid('query')];
        return c.json(await fileBodies.with(c, (file) => learning.putAsset(caller, id, name, file)));
      },
    )
    .delete(
      '/:id/assets',
      describeRoute({ tags, summary: 'Take a picture or file out of the draft' }),
      parse('query', named),
      async (c) => {
        await learning.removeAsset(c.get('caller'), c.req.param('id'), c.req.valid('query').name);
        return c.body(null, 204);
      },
    )
    .post(
      '/:id/publish',
      describeRoute({ tags, summary: 'Make the draft the next version' }),
      parse('json', z.object({ revision })),
      async (c) =>
        c.json(await learning.publish(c.get('caller'), c.req.param('id'), c.req.valid('json').revision)),
    )
    .post('/:id/archive', describeRoute({ tags, summary: 'Take the course out of the list' }), async (c) =>
      c.json(await learning.setArchived(c.get('caller'), c.req.param('id'), true)),
    )
    .delete('/:id/archive', describeRoute({ tags, summary: 'Put the course back in the list' }), async (c) =>
      c.json(await learning.setArchived(c.get('caller'), c.req.param('id'), false)),
    )
    .post(
      '/:id/adopt',
      describeRoute({ tags, summary: 'Make a published course a region’s own' }),
      parse('json', region),
      async (c) =>
        c.json(await learning.adopt(c.get('caller'), c.req.param('id'), c.req.valid('json').regionCode), 201),
    )
    .post(
      '/:id/update',
      describeRoute({
        tags,
        summary: 'Take over the newest version of the course this one was adopted from',
      }),
      async (c) => c.json(await learning.updateAdopted(c.get('caller'), c.req.param('id'))),
    );
}

/** `/api/course-files` */
export function courseFileRoutes(learning: Learning) {
  return new Hono<HubEnv>().get(
    '/:file',
    describeRoute({ tags: ['learning'], summary: 'A picture or file of a course, by the hash of its bytes' }),
    async (c) => {
      const [, sha256, ending] = /^([0-9a-f]{64})(\.[a-z]{3,4})$/.exec(c.req.param('file')) ?? [];
      const mediaType = ending && mediaTypeOf(ending);
      if (!sha256 || !mediaType) throw new HubError('not-found');
      const bytes = await learning.openFile(sha256);
      return c.body(new Uint8Array(bytes), 200, {
        'Content-Type': mediaType,
        'Cache-Control': IMMUTABLE,
        // A drawing opened by itself is a page: nothing in it may run or fetch.
        'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
        ...(mediaType === 'application/pdf' ? { 'Content-Disposition': 'attachment' } : {}),
      });
    },
  );
}
