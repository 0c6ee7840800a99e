import { actorOf, COUNTY } from './callers.ts';
import type { AskerKind } from './callers.ts';
import type { Example, ExampleRequest } from './example.ts';
import { newRun, ofOwner } from './examples-training.ts';
import type { World } from './world.ts';

/** A list of one, another one each time: the same file is not taken twice. */
const listOf = (world: World) => `姓名,手机号\n咩罕,138${String(world.next()).padStart(8, '0')}\n`;
const FILE = { headers: { 'Content-Type': 'text/csv' } };

/** A draft of the asker's own, begun when they still were a trainer. */
async function newDraft(world: World, asker: AskerKind): Promise<ExampleRequest> {
  const run = await newRun(world);
  const trainer = actorOf(asker.who ?? world.owner, [{ role: 'trainer', regionCode: COUNTY }]);
  const bytes = new TextEncoder().encode(listOf(world));
  const { id, mapping, rows } = await world.t.hub.imports.begin(trainer, 'enrolments', run.id, bytes);
  return { params: { id, row: String(rows[0]?.number ?? 2) }, body: { mapping } };
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
    request: async (world, asker) => ({ params: (await newDraft(world, asker)).params }),
  },
  'PUT /api/imports/:id/mapping': { request: newDraft },
  'PATCH /api/imports/:id/rows/:row': {
    request: async (world, asker) => ({ ...(await newDraft(world, asker)), body: { skipped: true } }),
  },
  'POST /api/imports/:id/confirmation': {
    request: async (world, asker) => ({
      ...(await newDraft(world, asker)),
      body: { consent: { method: 'paper' } },
    }),
  },
  'DELETE /api/imports/:id': { request: newDraft },
};
