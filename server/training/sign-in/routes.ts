import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import type { HubEnv } from '../../platform/http/environment.ts';
import { pageQuery } from '../../platform/http/paging.ts';
import { parse } from '../../platform/http/parse.ts';
import type { Training } from '../service.ts';

const words = (max: number) => z.string().trim().min(1).max(max);
const instantInput = z.iso.datetime({ offset: true }).transform((value) => new Date(value).toISOString());
const kind = z.enum(['in', 'out']);
const location = z.object({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
});
const fullWidthDigits = (value: string) => value.normalize('NFKC').replaceAll(/\s/g, '');

const own = z.object({
  token: words(60).optional(),
  number: z
    .string()
    .max(20)
    .transform(fullWidthDigits)
    .pipe(z.string().regex(/^\d{6}$/))
    .optional(),
  kind: kind.optional(),
  typedAt: instantInput.optional(),
  name: words(60).optional(),
  phone: words(40).optional(),
  deviceId: words(64).optional(),
  location: location.optional(),
});
const settings = z.object({
  asksSignOut: z.boolean().optional(),
  replayCounts: z.boolean().optional(),
  location: location.nullable().optional(),
});
const roll = z.object({
  kind: kind.default('in'),
  entries: z
    .array(z.object({ personId: words(64), signedAt: instantInput.optional() }))
    .min(1)
    .max(500),
});
const assisted = z.object({
  personId: words(64),
  kind: kind.default('in'),
  helper: words(60),
  witness: words(60),
  reason: words(200),
});

const described = (summary: string) => describeRoute({ tags: ['sign-in'], summary });

/** `/api/sign-in`: what a trainee's phone asks. */
export function signInRoutes(training: Training) {
  return new Hono<HubEnv>()
    .get('/:token', described('What a code is for'), async (c) =>
      c.json(await training.readCode(c.get('caller'), c.req.param('token'))),
    )
    .post(
      '/',
      described('Sign in or out with the code or number on the screen; twice is once'),
      parse('json', own),
      async (c) =>
        c.json(await training.signByCode(c.get('caller'), c.req.valid('json'), c.get('clientAddress'))),
    );
}

/** Below `/api/sessions`: what the trainer's desk asks. */
export function signInDeskRoutes(training: Training) {
  return new Hono<HubEnv>()
    .get(
      '/:id/sign-in',
      described('The rotating code with its number'),
      parse('query', z.object({ kind: kind.default('in') })),
      async (c) =>
        c.json(await training.readScreen(c.get('caller'), c.req.param('id'), c.req.valid('query').kind)),
    )
    .put(
      '/:id/sign-in',
      described('What the session asks of those who sign'),
      parse('json', settings),
      async (c) => {
        await training.setSignIn(c.get('caller'), c.req.param('id'), c.req.valid('json'));
        return c.body(null, 204);
      },
    )
    .post('/:id/sheets', described('Print a sheet of everyone enrolled'), async (c) =>
      c.json(await training.printSheet(c.get('caller'), c.req.param('id'))),
    )
    .get(
      '/:id/roll',
      described('Who is enrolled and has signed, masked'),
      parse('query', pageQuery),
      async (c) =>
        c.json(await training.readRoll(c.get('caller'), c.req.param('id'), c.req.valid('query').page)),
    )
    .post('/:id/roll', described('Mark people by roll-call'), parse('json', roll), async (c) => {
      const { kind: which, entries } = c.req.valid('json');
      return c.json({ results: await training.callRoll(c.get('caller'), c.req.param('id'), which, entries) });
    })
    .post(
      '/:id/assisted',
      described('Sign for someone who cannot, with helper, witness and reason'),
      parse('json', assisted),
      async (c) =>
        c.json(await training.signAssisted(c.get('caller'), c.req.param('id'), c.req.valid('json')), 201),
    );
}
