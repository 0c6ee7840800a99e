import { actorOf, COUNTY } from './callers.ts';
import type { Example, ExampleRequest } from './example.ts';
import { newRun, ofOwner } from './examples-training.ts';
import type { World } from './world.ts';

/** A list of one, another one each time: the same file is not taken twice. */
const listOf = (world: World) => `姓名,手机号\n咩罕,138${String(world.next()).padStart(8, '0')}\n`;
const FILE = { headers: { 'Content-Type': 'text/csv' } };

/** The owner's draft, begun when they still were a trainer; one a door, for each is read in a thread of its own. */
async function newDraft(world: World): Promise<ExampleRequest> {
  const run = await newRun(world);
  const trainer = actorOf(world.owner, [{ role: 'trainer', regionCode: COUNTY }]);
  const bytes = new TextEncoder().encode(listOf(world));
  const { id, mapping } = await world.t.hub.imports.begin(trainer, 'enrolments', run.id, bytes);
  return { params: { id, row: '2' }, body: { mapping } };
}

/** The same request for every asker. */
function once(make: (world: World) => Promise<ExampleRequest>): Example['request'] {
  let made: Promise<ExampleRequest> | undefined;
  return (world) => (made ??= make(world));
}

export const IMPORT_EXAMPLES: Record<string, Example> = {
  'POST /api/imports/runs/:id': {
    about: ofOwner,
    request: async (world) => ({ ...FILE, params: { id: (await newRun(world)).id }, body: listOf(world) }),
  },
  'POST /api/imports/regions/:code': {
    about: () => ({ regionCode: COUNTY }),
    request: (world) => ({
      ...FILE,
      params: { code: COUNTY },
      body: `乡镇,村,村代码\n某乡,某村,${COUNTY}999${String(world.next() % 1000).padStart(3, '0')}\n`,
    }),
  },
  'GET /api/imports/templates/:kind': { request: () => ({ params: { kind: 'enrolments' } }) },
  'GET /api/imports/:id': {
    request: once(async (world) => ({ params: (await newDraft(world)).params })),
  },
  'PUT /api/imports/:id/mapping': { request: once(newDraft) },
  'PATCH /api/imports/:id/rows/:row': {
    request: once(async (world) => ({ ...(await newDraft(world)), body: { skipped: false } })),
  },
  'POST /api/imports/:id/confirmation': {
    request: once(async (world) => ({
      ...(await newDraft(world)),
      body: { consent: { method: 'paper' } },
    })),
  },
  'DELETE /api/imports/:id': { request: once(newDraft) },

  'GET /api/me/calendar': {},
  'POST /api/me/calendar': {},
  'DELETE /api/me/calendar': {},
  'GET /api/calendar/:secret': {
    request: async ({ t, member }) => {
      const { path } = await t.hub.training.makeCalendarFeed(actorOf(member, []));
      return { params: { secret: path.split('/').at(-1)! } };
    },
  },
};
