import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { broadcasts, recordingSegments } from '../../drizzle/schema/broadcasts.ts';
import type { Actor, Caller } from '../../server/platform/access/actor.ts';
import { plannedRow } from '../../server/broadcasts/create.ts';
import { insertSegments } from '../../server/broadcasts/recording-store.ts';
import { actorOf, COUNTY, openRun, planBroadcast } from '../support/classroom.ts';
import { openTestHub, type TestHub } from '../support/open-test-hub.ts';

let t: TestHub;
let trainer: Actor;
let trainee: Actor;
let ofRun: string;
let open: string;

beforeAll(async () => {
  t = await openTestHub();
  trainer = await actorOf(t.hub, { roles: [['trainer', COUNTY]] });
  trainee = await actorOf(t.hub);
  const run = await openRun(t.hub, trainer);
  ofRun = await planBroadcast(t.hub, trainer);
  await t.hub.training.linkBroadcast(trainer, run.sessions[0]!.id, ofRun);
  await t.hub.training.enrol(trainee, run.id);
  const planned = { title: '集市', kind: 'sale', regionCode: '533124' } as const;
  const row = plannedRow(planned, 'owner', '2026-11-22T00:00:00.000Z');
  open = row.id;
  const others = Array.from({ length: 120 }, () =>
    plannedRow({ ...planned, kind: 'class' }, 'owner', '2026-11-22T00:00:00.000Z'),
  );
  await t.hub.db.insert(broadcasts).values([row, ...others]);
});
afterAll(() => t.close());

const listed = async (caller: Caller) =>
  (await t.hub.broadcasts.listBroadcasts(caller, {})).map(({ id }) => id);

it('finds what someone may see behind any number of others, in two queries', async () => {
  const execute = vi.spyOn(t.hub.db.$client, 'execute');
  expect(await listed(undefined)).toEqual([open]);
  expect(execute).toHaveBeenCalledTimes(1);
  execute.mockClear();
  expect(await listed(trainee)).toEqual([open, ofRun]);
  expect(execute).toHaveBeenCalledTimes(2);
  expect(await listed(trainer)).toEqual([open, ofRun]);
});

it('pages through what an official sees by fifty', async () => {
  const official = await actorOf(t.hub, { roles: [['county-official', '533124']] });
  const pages: number[] = [];
  const seen = new Set<string>();
  for (let before: string | undefined; ;) {
    const page = await t.hub.broadcasts.listBroadcasts(official, { before });
    for (const { id } of page) seen.add(id);
    pages.push(page.length);
    before = page.at(-1)?.id;
    if (page.length < 50) break;
  }
  expect(pages).toEqual([50, 50, 21]);
  expect(seen.size).toBe(121);
});

it('keeps the length of a recording beside it, whatever is written twice and however long it is', async () => {
  const segments = Array.from({ length: 4_000 }, (_, sequence) => ({
    ...{ sequence, discontinuitySequence: 0, initIndex: 0, file: `segment-${sequence}.m4s` },
    ...{
      durationMs: 2_000,
      byteLength: 1,
      programDateTime: '2026-11-22T00:00:00.000Z',
      keyframeAligned: true,
    },
  }));
  await t.hub.db.transaction((tx) => insertSegments(tx, open, segments.slice(0, 10)));
  await t.hub.db.transaction((tx) => insertSegments(tx, open, segments));
  expect(await t.hub.db.$count(recordingSegments)).toBe(4_000);
  expect((await t.hub.broadcasts.readBroadcast(undefined, open)).recordedMs).toBe(8_000_000);
});
