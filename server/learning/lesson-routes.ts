import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import type { HubEnv } from '../platform/http/environment.ts';
import { fileBodies } from '../platform/http/file-bodies.ts';
import type { Incoming } from '../platform/http/incoming.ts';
import { parse } from '../platform/http/parse.ts';
import type { Learning } from './service.ts';

const seconds = z.number().min(0).max(86_400);
const report = z.object({
  spans: z.array(z.tuple([seconds, seconds])).max(200),
  position: seconds,
  speed: z.number().min(0.25).max(4).optional(),
  captions: z.string().max(20).optional(),
});
const key = z.string().min(1).max(64);
const answer = z.union([z.string().max(64), z.array(z.string().max(64)).max(20), z.boolean(), z.number()]);
const answers = z.object({ answers: z.record(key, answer) });
const surveyAnswers = z.object({
  answers: z.record(
    key,
    z.union([
      z.string().trim().max(1000),
      z.array(z.string().max(64)).max(20),
      z.number().int().min(1).max(5),
    ]),
  ),
});
const photo = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  mediaType: z.enum(['image/jpeg', 'image/png', 'image/webp']),
  byteLength: z.number().int().min(1),
});
const work = z.object({
  note: z.string().trim().max(2000).default(''),
  link: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .optional(),
  photos: z.array(photo).max(20).default([]),
});

/** `/api/courses`: what a learner does. */
export function lessonRoutes(learning: Learning) {
  const tags = ['learning'];
  return new Hono<HubEnv>()
    .post('/:id/start', describeRoute({ tags, summary: 'Begin the course, or go on with it' }), async (c) =>
      c.json(await learning.startCourse(c.get('caller'), c.req.param('id'))),
    )
    .post(
      '/:id/lessons/:key/open',
      describeRoute({ tags, summary: 'Open a lesson: what it is, and how far the caller is' }),
      async (c) => c.json(await learning.readLesson(c.get('caller'), c.req.param('id'), c.req.param('key'))),
    )
    .post(
      '/:id/lessons/:key/read',
      describeRoute({ tags, summary: 'Say that an article or document was read' }),
      async (c) => {
        await learning.markRead(c.get('caller'), c.req.param('id'), c.req.param('key'));
        return c.body(null, 204);
      },
    )
    .post(
      '/:id/lessons/:key/seen',
      describeRoute({ tags, summary: 'Tell what a player has played, while it plays' }),
      parse('json', report),
      async (c) => {
        const { id, key: lesson } = c.req.param();
        return c.json(await learning.reportSeen(c.get('caller'), id, lesson, c.req.valid('json')));
      },
    )
    .post(
      '/:id/lessons/:key/attempts',
      describeRoute({ tags, summary: 'Begin an attempt at a quiz, or go on with the one under way' }),
      async (c) =>
        c.json(await learning.beginAttempt(c.get('caller'), c.req.param('id'), c.req.param('key'))),
    )
    .put(
      '/:id/lessons/:key/answers',
      describeRoute({ tags, summary: 'Keep answers on their way' }),
      parse('json', answers),
      async (c) => {
        const { id, key: lesson } = c.req.param();
        await learning.keepAnswers(c.get('caller'), id, lesson, c.req.valid('json').answers);
        return c.body(null, 204);
      },
    )
    .post(
      '/:id/lessons/:key/hand-in',
      describeRoute({ tags, summary: 'Hand a quiz in: what was wrong, and why' }),
      parse('json', answers),
      async (c) => {
        const { id, key: lesson } = c.req.param();
        return c.json(await learning.handInQuiz(c.get('caller'), id, lesson, c.req.valid('json').answers));
      },
    )
    .post(
      '/:id/lessons/:key/survey',
      describeRoute({ tags, summary: 'Answer a survey of a course' }),
      parse('json', surveyAnswers),
      async (c) => {
        const { id, key: lesson } = c.req.param();
        await learning.answerCourseSurvey(c.get('caller'), id, lesson, c.req.valid('json').answers);
        return c.body(null, 204);
      },
    )
    .post(
      '/:id/lessons/:key/photos',
      describeRoute({ tags, summary: 'Send a photo for a task; the body is its bytes' }),
      async (c) => {
        const { id, key: lesson } = c.req.param();
        const keep = (photo: Incoming) => learning.keepPhoto(c.get('caller'), id, lesson, photo);
        return c.json(await fileBodies.with(c, keep), 201);
      },
    )
    .post(
      '/:id/lessons/:key/work',
      describeRoute({ tags, summary: 'Hand in work for a task' }),
      parse('json', work),
      async (c) => {
        const { id, key: lesson } = c.req.param();
        return c.json(await learning.submitTask(c.get('caller'), id, lesson, c.req.valid('json')), 201);
      },
    );
}

/** `/api/me/courses` */
export function myCourseRoutes(learning: Learning) {
  return new Hono<HubEnv>().get(
    '/',
    describeRoute({
      tags: ['learning'],
      summary: 'The courses the caller has begun, the latest visited first',
    }),
    async (c) => c.json({ courses: await learning.listMyCourses(c.get('caller')) }),
  );
}
