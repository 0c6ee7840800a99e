import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { AUDIENCES, FORMS, LEVELS } from '../learning/service.ts';
import type { HubEnv } from '../platform/http/environment.ts';
import { pageQuery } from '../platform/http/paging.ts';
import { parse } from '../platform/http/parse.ts';
import type { Training } from './service.ts';
import { SURVEY } from './survey.ts';

const text = (max: number) => z.string().trim().min(1).max(max);
const instantInput = z.iso.datetime({ offset: true }).transform((value) => new Date(value).toISOString());
const step = z.number().int().min(1).max(5);

const newRun = z.object({
  courseId: text(64),
  title: text(80),
  regionCode: z.string().regex(/^\d{6,12}$/),
  level: z.enum(LEVELS),
  form: z.enum(FORMS),
  audiences: z.array(z.enum(AUDIENCES)).min(1).max(AUDIENCES.length),
  hours: z.number().int().min(1).max(500),
  capacity: z.number().int().min(1).max(5000),
  requiredSessions: z.number().int().min(1).max(60).default(1),
  programmeIds: z.array(text(64)).max(10).default([]),
  sessions: z
    .array(
      z.object({
        title: text(80),
        startsAt: instantInput,
        endsAt: instantInput,
        place: text(120).optional(),
        thresholdMinutes: z.number().int().min(1).max(720),
        asksSignOut: z.boolean().optional(),
        replayCounts: z.boolean().optional(),
      }),
    )
    .min(1)
    .max(60),
});

const listing = pageQuery.extend({
  courseId: z.string().max(64).optional(),
  state: z.enum(['open', 'closed']).optional(),
  mine: z.literal('true').optional(),
});

const assisted = z.object({ personId: text(64), reason: text(200) });
const reason = z.object({ reason: text(500) });
const link = z.object({ broadcastId: text(64) });
const answer = z.object({
  overall: step,
  items: z.partialRecord(z.enum(SURVEY.items.map((item) => item.code)), step).default({}),
  comment: z.string().trim().max(SURVEY.commentMaxLength).optional(),
});

const described = (summary: string) => describeRoute({ tags: ['training'], summary });

/** `/api/runs` */
export function runRoutes(training: Training) {
  return new Hono<HubEnv>()
    .get(
      '/',
      described('Runs, newest first; `mine=true` for the caller’s own'),
      parse('query', listing),
      async (c) => {
        const { mine, ...filter } = c.req.valid('query');
        return c.json(await training.listRuns(c.get('caller'), { ...filter, mine: mine === 'true' }));
      },
    )
    .post('/', described('Make a run with its sessions'), parse('json', newRun), async (c) =>
      c.json(await training.createRun(c.get('caller'), c.req.valid('json')), 201),
    )
    .get('/:id', described('One run'), async (c) =>
      c.json(await training.readRun(c.get('caller'), c.req.param('id'))),
    )
    .post('/:id/open', described('Open enrolment'), async (c) =>
      c.json(await training.setEnrolmentOpen(c.get('caller'), c.req.param('id'), true)),
    )
    .post('/:id/close', described('Close enrolment'), async (c) =>
      c.json(await training.setEnrolmentOpen(c.get('caller'), c.req.param('id'), false)),
    )
    .post('/:id/enrolment', described('Enrol oneself; twice is once'), async (c) =>
      c.json(await training.enrol(c.get('caller'), c.req.param('id'))),
    )
    .delete('/:id/enrolment', described('Give one’s place back'), async (c) => {
      await training.cancel(c.get('caller'), c.req.param('id'));
      return c.body(null, 204);
    })
    .post('/:id/enrolments', described('Enrol someone, assisted'), parse('json', assisted), async (c) =>
      c.json(await training.enrolAssisted(c.get('caller'), c.req.param('id'), c.req.valid('json'))),
    )
    .get(
      '/:id/roster',
      described('Who is enrolled and what they attended, masked'),
      parse('query', pageQuery),
      async (c) =>
        c.json(await training.readRoster(c.get('caller'), c.req.param('id'), c.req.valid('query').page)),
    )
    .get('/:id/survey', described('The survey of a run and whether it waits for the caller'), async (c) =>
      c.json(await training.readSurvey(c.get('caller'), c.req.param('id'))),
    )
    .post('/:id/survey', described('Answer the survey, once'), parse('json', answer), async (c) => {
      const { items, ...rest } = c.req.valid('json');
      const given = Object.entries(items).filter(
        (entry): entry is [string, number] => entry[1] !== undefined,
      );
      const input = { ...rest, items: Object.fromEntries(given) };
      return c.json(await training.answerSurvey(c.get('caller'), c.req.param('id'), input), 201);
    })
    .get('/:id/survey/results', described('What the attendees said, summed up'), async (c) =>
      c.json(await training.surveyResults(c.get('caller'), c.req.param('id'))),
    );
}

/** `/api/sessions` */
export function sessionRoutes(training: Training) {
  return new Hono<HubEnv>().post(
    '/:id/broadcast',
    described('Link a session to a class broadcast of the same trainer'),
    parse('json', link),
    async (c) =>
      c.json(
        await training.linkBroadcast(c.get('caller'), c.req.param('id'), c.req.valid('json').broadcastId),
      ),
  );
}

/** `/api/attendances` */
export function attendanceRoutes(training: Training) {
  return new Hono<HubEnv>().post(
    '/:id/void',
    described('Void an attendance, with who and why'),
    parse('json', reason),
    async (c) =>
      c.json(await training.voidAttendance(c.get('caller'), c.req.param('id'), c.req.valid('json').reason)),
  );
}

const seen = z.object({
  spans: z.array(z.tuple([z.number().min(0).max(100_000), z.number().min(0).max(100_000)])).max(50),
});

/** `/api/replays` */
export function replayRoutes(training: Training) {
  return new Hono<HubEnv>().post(
    '/:id/seen',
    described('Tell which stretches of a broadcast’s replay were played'),
    parse('json', seen),
    async (c) =>
      c.json(await training.reportReplay(c.get('caller'), c.req.param('id'), c.req.valid('json').spans)),
  );
}

/** `/api/me/learning` */
export function myLearningRoutes(training: Training) {
  return new Hono<HubEnv>().get(
    '/',
    described('What is live, next, to watch again and to answer'),
    async (c) => c.json(await training.readMyLearning(c.get('caller'))),
  );
}
