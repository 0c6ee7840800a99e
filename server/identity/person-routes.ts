import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import type { HubEnv } from '../platform/http/environment.ts';
import { parse } from '../platform/http/parse.ts';
import { DOCUMENT_KINDS } from './other-document.ts';
import { VERIFICATION_SOURCES } from './rules.ts';
import type { Identity } from './service.ts';

const typed = z.string().min(1).max(200);
const filter = z.object({
  regionCode: typed.optional(),
  q: z.string().max(60).optional(),
  after: z.string().max(64).optional(),
});
const newPerson = z.object({
  name: typed,
  phone: z.string().max(40).optional(),
  idNumber: z.string().max(40).optional(),
  document: z.object({ kind: z.enum(DOCUMENT_KINDS), number: typed }).optional(),
  homeRegionCode: typed,
  audiences: z.array(z.string().max(20)).max(20).optional(),
  consent: z.object({ method: z.enum(['paper', 'spoken']), sensitive: z.boolean().optional() }),
});
const verification = z.object({
  source: z.enum(VERIFICATION_SOURCES),
  idNumber: z.string().max(40).optional(),
});

const merge = z.object({ intoPersonId: typed, reason: z.string().trim().min(1).max(200) });
const apart = z.object({ personIds: z.tuple([typed, typed]) });

const about = (summary: string) => describeRoute({ tags: ['persons'], summary });

/** Persons as those who look after them see them: masked. */
export function personRoutes(identity: Identity) {
  return new Hono<HubEnv>()
    .get('/', about('Persons at home in your regions, masked'), parse('query', filter), async (c) =>
      c.json(await identity.listPersons(c.get('caller'), c.req.valid('query'))),
    )
    .post('/', about('Register a person without an account'), parse('json', newPerson), async (c) =>
      c.json(await identity.registerPerson(c.get('caller'), c.req.valid('json')), 201),
    )
    .get(
      '/alike',
      about('Pairs of persons who may be one, masked'),
      parse('query', z.object({ after: z.string().max(64).optional() })),
      async (c) => c.json(await identity.listAlike(c.get('caller'), c.req.valid('query'))),
    )
    .post('/apart', about('Say that two who look alike are two'), parse('json', apart), async (c) => {
      await identity.keepApart(c.get('caller'), c.req.valid('json').personIds);
      return c.body(null, 204);
    })
    .post('/:id/merge', about('Say that a person is another'), parse('json', merge), async (c) =>
      c.json(await identity.mergePerson(c.get('caller'), c.req.param('id'), c.req.valid('json'))),
    )
    .post('/:id/unmerge', about('Undo a merge'), parse('json', merge.pick({ reason: true })), async (c) =>
      c.json(await identity.undoMerge(c.get('caller'), c.req.param('id'), c.req.valid('json').reason)),
    )
    .get('/:id', about('One person, masked'), async (c) =>
      c.json(await identity.readPerson(c.get('caller'), c.req.param('id'))),
    )
    .post(
      '/:id/verification',
      about('Declare that a person is who they say'),
      parse('json', verification),
      async (c) =>
        c.json(await identity.verifyPerson(c.get('caller'), c.req.param('id'), c.req.valid('json'))),
    )
    .post('/:id/recovery-code', about('Make a one-time code for a forgotten password'), async (c) =>
      c.json(await identity.issueRecoveryCode(c.get('caller'), c.req.param('id')), 201),
    );
}
