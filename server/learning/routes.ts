import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import type { HubEnv } from '../platform/http/environment.ts';
import { pageQuery } from '../platform/http/paging.ts';
import { parse } from '../platform/http/parse.ts';
import { AUDIENCES, FORMS, FOUR_STEPS, LEVELS } from './terms.ts';
import type { Learning } from './service.ts';

const newCourse = z.object({
  title: z.string().trim().min(2).max(80),
  summary: z.string().trim().min(1).max(2000),
  level: z.enum(LEVELS),
  audiences: z.array(z.enum(AUDIENCES)).min(1).max(AUDIENCES.length),
  fourStep: z.enum(FOUR_STEPS).optional(),
  hours: z.number().int().min(1).max(500),
  regionCode: z.string().regex(/^\d{6,12}$/),
});

const filter = pageQuery.extend({
  text: z.string().trim().min(1).max(40).optional(),
  level: z.enum(LEVELS).optional(),
  mine: z.literal('true').optional(),
});

/** `/api/courses` */
export function courseRoutes(learning: Learning) {
  return new Hono<HubEnv>()
    .get(
      '/',
      describeRoute({
        tags: ['learning'],
        summary: 'Courses, newest first; `mine=true` for the caller’s own',
      }),
      parse('query', filter),
      async (c) => {
        const { mine, ...query } = c.req.valid('query');
        return c.json(await learning.listCourses(c.get('caller'), { ...query, mine: mine === 'true' }));
      },
    )
    .post(
      '/',
      describeRoute({ tags: ['learning'], summary: 'Add a course' }),
      parse('json', newCourse),
      async (c) => c.json(await learning.createCourse(c.get('caller'), c.req.valid('json')), 201),
    )
    .get('/:id', describeRoute({ tags: ['learning'], summary: 'One course' }), async (c) =>
      c.json(await learning.readCourse(c.get('caller'), c.req.param('id'))),
    );
}

/** `/api/catalogue/terms` */
export function termRoutes() {
  return new Hono<HubEnv>().get(
    '/',
    describeRoute({
      tags: ['learning'],
      summary: 'The words a course or run may use: levels, audiences, forms',
    }),
    (c) => c.json({ levels: LEVELS, audiences: AUDIENCES, forms: FORMS, fourSteps: FOUR_STEPS }),
  );
}
