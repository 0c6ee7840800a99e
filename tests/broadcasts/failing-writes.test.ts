import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { BroadcastView } from '../../server/broadcasts/messages.ts';
import { broadcasts, broadcastWindows } from '../../drizzle/schema/broadcasts.ts';
import { openDatabase } from '../../server/platform/database/open.ts';
import { eventually, makeClip, openLiveHub, type LiveHub } from '../support/live-hub.ts';
import { openTestHub } from '../support/open-test-hub.ts';
import { signInAs, type Someone } from '../support/sign-in-as.ts';

const clip = join(tmpdir(), `xiangbo-failing-clip-${process.pid}.mp4`);
let live: LiveHub;
let trainer: Someone;
let id: string;

beforeAll(() => makeClip(clip));
afterAll(() => rm(clip, { force: true }));
beforeEach(async () => {
  live = await openLiveHub({ LOG_LEVEL: 'silent' });
  trainer = await signInAs(live.hub, { roles: [['trainer', '533103']] });
  const input = { title: '茶叶采摘', kind: 'class', visibility: 'public' };
  id = ((await (await live.ask('POST', '/api/broadcasts', trainer, input)).json()) as BroadcastView).id;
});
afterEach(() => live.close());

const read = async () =>
  (await (await live.ask('GET', `/api/broadcasts/${id}`, trainer)).json()) as BroadcastView;
const readyStatus = async () => (await live.ask('GET', '/readyz')).status;
/** As a full disk would: what is written to the table fails until the trigger is dropped. */
const breakTable = (table: string) =>
  live.hub.db.run(
    sql.raw(`CREATE TRIGGER broken BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ABORT, 'disk full'); END`),
  );
const mendTable = () => live.hub.db.run(sql.raw('DROP TRIGGER broken'));

it('goes live from the first moment although that could not be written for a while', async () => {
  await breakTable('broadcast_windows');
  await live.hub.broadcasts.loopClip(id, clip);
  await eventually(read, (broadcast) => broadcast.recordedMs > 0);
  await eventually(readyStatus, (status) => status === 503);
  expect((await read()).state).toBe('scheduled');
  const mendedAtMs = Date.now();
  await mendTable();
  const { liveAt } = await eventually(read, ({ state }) => state === 'live');
  expect(Date.parse(liveAt!)).toBeLessThan(mendedAtMs);
  const windows = await live.hub.db.select().from(broadcastWindows);
  expect(windows).toEqual([{ broadcastId: id, startedAtMs: Date.parse(liveAt!), endedAtMs: null }]);
  await eventually(readyStatus, (status) => status === 200);
});

it('stays ended while its recording is not whole, and is completed by the next start', async () => {
  await live.hub.broadcasts.loopClip(id, clip);
  await eventually(read, (broadcast) => broadcast.recordedMs > 0);
  const before = (await read()).recordedMs;
  await breakTable('recording_segments');
  const ended = await live.ask('POST', `/api/broadcasts/${id}/end`, trainer);
  expect(await ended.json()).toMatchObject({ state: 'ended' });
  expect(await readyStatus()).toBe(503);
  await mendTable();
  await live.restart();
  expect(await read()).toMatchObject({ state: 'replay' });
  expect((await read()).recordedMs).toBeGreaterThan(before);
  expect(await readyStatus()).toBe(200);
}, 60_000);

it('interrupts every other broadcast when one cannot be written at the end of the hub', async () => {
  const test = await openTestHub({ env: { LOG_LEVEL: 'silent' } });
  const { hub, dataDir } = test;
  const host = await signInAs(hub, { roles: [['trainer', '533103']] });
  const ids: string[] = [];
  for (const title of ['一', '二']) {
    const planned = await test.ask('POST', '/api/broadcasts', {
      cookie: host.cookie,
      body: { title, kind: 'class' },
    });
    ids.push(((await planned.json()) as BroadcastView).id);
  }
  for (const broadcastId of ids) await hub.broadcasts.loopClip(broadcastId, clip);
  const states = (db = hub.db) =>
    db.select({ id: broadcasts.id, state: broadcasts.state }).from(broadcasts).orderBy(broadcasts.id);
  await eventually(states, (rows) => rows.every(({ state }) => state === 'live'));
  await hub.db.run(
    sql.raw(
      `CREATE TRIGGER broken BEFORE UPDATE ON broadcasts WHEN old.id = '${ids[0]}' AND new.state <> old.state ` +
        `BEGIN SELECT RAISE(ABORT, 'disk full'); END`,
    ),
  );
  await expect(hub.close('test')).rejects.toThrow('broadcasts could not be closed');
  const db = await openDatabase(`file:${join(dataDir, 'hub.db')}`);
  expect(await states(db)).toEqual([
    { id: ids[0], state: 'live' },
    { id: ids[1], state: 'interrupted' },
  ]);
  await db.close();
  await rm(dataDir, { recursive: true, force: true });
}, 40_000);
