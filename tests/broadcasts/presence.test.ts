import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { broadcasts, presenceSpans } from '../../drizzle/schema/broadcasts.ts';
import { outbox } from '../../drizzle/schema/platform.ts';
import { plannedRow } from '../../server/broadcasts/create.ts';
import { openPresence } from '../../server/broadcasts/presence.ts';
import { recordHappening } from '../../server/broadcasts/state-changes.ts';
import { openDatabase, type Database } from '../../server/platform/database/open.ts';
import { openLog } from '../../server/platform/log.ts';

const START_MS = Date.parse('2026-11-22T01:00:00Z');
let dir: string;
let db: Database;
let nowMs: number;
const clock = { now: () => nowMs };
let broadcastId: string;
let thresholdMinutes: number | undefined;

beforeEach(async () => {
  nowMs = START_MS;
  thresholdMinutes = 1;
  dir = await mkdtemp(join(tmpdir(), 'xiangbo-presence-'));
  db = await openDatabase(`file:${join(dir, 'hub.db')}`);
  const row = plannedRow(
    { title: '课', kind: 'class', regionCode: '533103' },
    'owner',
    '2026-11-22T00:00:00Z',
  );
  await db.insert(broadcasts).values(row);
  broadcastId = row.id;
  await recordHappening({ db, clock }, broadcastId, { what: 'media-began', atMs: START_MS });
});
afterEach(async () => {
  await db.close();
  await rm(dir, { recursive: true, force: true });
});

const open = () =>
  openPresence({
    ...{ db, clock },
    log: openLog('silent'),
    thresholds: { thresholdMinutesFor: async () => thresholdMinutes },
    pingSeconds: 20,
  });

const pingAt = (presence: ReturnType<typeof open>, second: number, personId = 'person') => {
  nowMs = START_MS + second * 1000;
  return presence.report({ broadcastId, personId, deviceId: 'phone', playing: true, atMs: nowMs });
};

const reached = async () =>
  (await db.select().from(outbox))
    .filter(({ type }) => type === 'broadcasts.presence-reached')
    .map(({ payload }) => payload);

it('goes on from the rows after a death, and tells once that the threshold is reached', async () => {
  const before = open();
  await pingAt(before, 0);
  await pingAt(before, 20);
  // Killed without a word: nothing but the rows remains.
  const after = open();
  expect(await pingAt(after, 50)).toEqual({
    effectiveSeconds: 50,
    thresholdMinutes: 1,
    rule: 'live-presence',
    ruleVersion: 1,
  });
  expect(await reached()).toEqual([]);
  await pingAt(after, 70);
  await pingAt(after, 90);
  await after.settle(broadcastId);
  expect(await reached()).toEqual([
    {
      broadcastId,
      personId: 'person',
      effectiveSeconds: 70,
      thresholdMinutes: 1,
      at: '2026-11-22T01:01:10.000Z',
    },
  ]);
  expect(await db.select().from(presenceSpans)).toHaveLength(1);
  await after.close();
});

it('writes a crowd’s pings in one transaction', async () => {
  const presence = open();
  let transactions = 0;
  const begin = db.transaction.bind(db);
  db.transaction = (work) => {
    transactions += 1;
    return begin(work);
  };
  await Promise.all(Array.from({ length: 200 }, (_, index) => pingAt(presence, 5, `person-${index}`)));
  expect(transactions).toBe(1);
  expect(await db.select().from(presenceSpans)).toHaveLength(200);
  await presence.close();
});

it('keeps pings that cannot be written, says so, and writes them when it can', async () => {
  const presence = open();
  await pingAt(presence, 0);
  const begin = db.transaction.bind(db);
  db.transaction = async () => {
    throw new Error('disk full');
  };
  const pending = pingAt(presence, 20);
  await new Promise((resolve) => setTimeout(resolve, 800));
  expect(presence.health().failing).toBe('disk full');
  db.transaction = begin;
  expect((await pending).effectiveSeconds).toBe(20);
  expect(presence.health().failing).toBeUndefined();
  await presence.close();
});

it('looks again at the end, for a threshold that was set late', async () => {
  thresholdMinutes = undefined;
  const presence = open();
  for (const second of [0, 30, 60, 90]) await pingAt(presence, second);
  expect(await reached()).toEqual([]);
  thresholdMinutes = 1;
  await presence.settle(broadcastId);
  await presence.settle(broadcastId);
  expect(await reached()).toMatchObject([{ effectiveSeconds: 90 }]);
  await presence.close();
});
