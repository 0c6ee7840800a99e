import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import type { HubEnv } from '../platform/http/environment.ts';
import { pageQuery } from '../platform/http/paging.ts';
import { parse } from '../platform/http/parse.ts';
import type { Learning } from './service.ts';

const grade = z.object({
  verdict: z.enum(['accepted', 'returned']),
  comment: z.string().trim().max(2000).default(''),
  points: z.record(z.string().max(64), z.number().int().min(0).max(100)).default({}),
});

/** `/api/course-work` */
export function workRoutes(learning: Learning) {
  const tags = ['learning'];
  return new Hono<HubEnv>()
    .get(
      '/',
      describeRoute({ tags, summary: 'Work that waits for the caller’s grade, the longest waiting first' }),
      parse('query', pageQuery),
      async (c) => c.json(await learning.listGrading(c.get('caller'), c.req.valid('query').page)),
    )
    .get('/graded', describeRoute({ tags, summary: 'Work the caller graded lately' }), async (c) =>
      c.json({ items: await learning.listGradedByMe(c.get('caller')) }),
    )
    .post(
      '/:id/grade',
      describeRoute({ tags, summary: 'Accept work, or give it back with a comment' }),
      parse('json', grade),
      async (c) =>
        c.json(await learning.gradeSubmission(c.get('caller'), c.req.param('id'), c.req.valid('json'))),
    )
    .get('/:id/:photo', describeRoute({ tags, summary: 'A photo of handed-in work' }), async (c) => {
      const { id, photo } = c.req.param();
      const { bytes, mediaType } = await learning.openPhoto(c.get('caller'), id, photo);
      return c.body(new Uint8Array(bytes), 200, {
        'Content-Type': mediaType,
        'Cache-Control': 'private, max-age=3600',
        'Content-Security-Policy': "default-src 'none'; sandbox",
      });
    });
}
