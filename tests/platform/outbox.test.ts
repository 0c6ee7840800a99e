import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { outbox, outboxCursors, outboxParked, settings } from '../../drizzle/schema/platform.ts';
import { systemClock } from '../../server/platform/clock.ts';
import { openDatabase, type Database } from '../../server/platform/database/open.ts';
import { HubError } from '../../server/platform/errors.ts';
import { openLog } from '../../server/platform/log.ts';
import { listParked, retryParked, type Consumer } from '../../server/platform/outbox/consumer.ts';
import { emit } from '../../server/platform/outbox/emit.ts';
import { outboxPruning } from '../../server/platform/outbox/prune.ts';
import { startOutboxPump, type OutboxPump } from '../../server/platform/outbox/pump.ts';

let dir: string;
let db: Database;
let pump: OutboxPump | undefined;
const tools = { clock: systemClock, log: openLog('silent') };

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'xiangbo-outbox-'));
  db = await openDatabase(`file:${join(dir, 'hub.db')}`);
});
afterEach(async () => {
  await pump?.close();
  await db.close();
  await rm(dir, { recursive: true, force: true });
});

const tell = (what: string) =>
  db.transaction((tx) => emit(tx, { type: 'test.told', payload: { what } }, '2026-11-22T00:00:00.000Z'));

function listener(failOn: { what?: string }): Consumer & { heard: string[] } {
  const heard: string[] = [];
  return {
    name: 'listener',
    types: ['test.told'],
    heard,
    async apply(tx, event) {
      const { what } = event.payload as { what: string };
      await tx.insert(settings).values({ key: what, value: event.seq });
      if (failOn.what === what) throw new Error(`cannot apply ${what}`);
      heard.push(what);
    },
  };
}

it('applies events in order, once, whoever drains how often', async () => {
  const consumer = listener({});
  pump = startOutboxPump(db, [consumer], tools);
  for (const what of ['a', 'b', 'c']) await tell(what);
  await Promise.all([pump.drain(), pump.drain(), pump.drain()]);
  expect(consumer.heard).toEqual(['a', 'b', 'c']);
});

it('is woken by a commit that wrote news, long before it would have looked by itself', async () => {
  const consumer = listener({});
  pump = startOutboxPump(db, [consumer], tools, 3_600_000);
  await tell('woken');
  await expect.poll(() => consumer.heard, { interval: 2, timeout: 1000 }).toEqual(['woken']);
});

it('goes on from its cursor after a restart', async () => {
  await tell('before');
  pump = startOutboxPump(db, [listener({})], tools);
  await pump.drain();
  await pump.close();
  await tell('after');
  const again = listener({});
  pump = startOutboxPump(db, [again], tools);
  await pump.drain();
  expect(again.heard).toEqual(['after']);
});

it('parks what cannot be applied with nothing half-written, goes on, and applies it when retried', async () => {
  const failOn: { what?: string } = { what: 'bad' };
  const consumer = listener(failOn);
  pump = startOutboxPump(db, [consumer], tools);
  for (const what of ['good', 'bad', 'next']) await tell(what);
  await pump.drain();
  expect(consumer.heard).toEqual(['good', 'next']);
  expect((await db.select().from(settings)).map((row) => row.key)).toEqual(['good', 'next']);
  const [parked] = await listParked(db);
  expect(parked).toMatchObject({ consumer: 'listener', error: 'cannot apply bad' });

  await expect(retryParked(db, consumer, parked!.seq, systemClock)).rejects.toThrow('cannot apply bad');
  expect(await listParked(db)).toHaveLength(1);
  failOn.what = undefined;
  await retryParked(db, consumer, parked!.seq, systemClock);
  expect(await listParked(db)).toEqual([]);
  expect(consumer.heard).toEqual(['good', 'next', 'bad']);
});

it('passes news that is not for a consumer once, and reads it never again', async () => {
  const other = { type: 'test.other', payload: {} };
  await db.transaction(async (tx) => {
    for (let n = 0; n < 450; n += 1) await emit(tx, other, '2026-11-22T00:00:00.000Z');
  });
  await tell('a');
  await db.transaction((tx) => emit(tx, other, '2026-11-22T00:00:00.000Z'));
  const consumer = listener({});
  pump = startOutboxPump(db, [consumer], tools);
  await pump.drain();
  expect(consumer.heard).toEqual(['a']);
  expect(await db.select().from(outboxCursors)).toEqual([{ consumer: 'listener', seq: 452 }]);
});

it.each([
  ['a database that is busy', new HubError('database.busy')],
  ['a full disk', new Error('failed', { cause: Object.assign(new Error('full'), { code: 'SQLITE_FULL' }) })],
])('tries again, in order, and parks nothing because of %s', async (_, fault) => {
  const heard: string[] = [];
  let failures = 2;
  const consumer: Consumer = {
    name: 'listener',
    types: ['test.told'],
    async apply(tx, event) {
      const { what } = event.payload as { what: string };
      await tx.insert(settings).values({ key: what, value: event.seq });
      if (what === 'a' && failures-- > 0) throw fault;
      heard.push(what);
    },
  };
  for (const what of ['a', 'b']) await tell(what);
  pump = startOutboxPump(db, [consumer], tools);
  await expect(pump.drain()).rejects.toBe(fault);
  expect(await listParked(db)).toEqual([]);
  await vi.waitFor(() => expect(heard).toEqual(['a', 'b']), { timeout: 3_000 });
  expect(await listParked(db)).toEqual([]);
});

it('forgets old news once every consumer has applied it, and nothing that is parked or new', async () => {
  const consumer = listener({ what: 'bad' });
  pump = startOutboxPump(db, [consumer], tools);
  for (const what of ['old', 'bad']) await tell(what);
  await db.transaction((tx) =>
    emit(tx, { type: 'test.told', payload: { what: 'new' } }, '2026-12-30T00:00:00.000Z'),
  );
  const clock = { now: () => Date.parse('2027-01-01T00:00:00.000Z') };
  const told = async () =>
    (await db.select().from(outbox)).map(({ payload }) => (payload as { what: string }).what);
  const late = outboxPruning(db, [consumer, { name: 'late' }], clock);
  await pump.drain();
  expect(await late.run()).toBeUndefined();
  const pruning = outboxPruning(db, [consumer], clock);
  expect(await pruning.run()).toEqual({ removed: 1 });
  expect(await told()).toEqual(['bad', 'new']);
  await db.update(outboxParked).set({ resolvedAt: '2026-11-23T00:00:00.000Z' });
  expect(await pruning.run()).toEqual({ removed: 1 });
  expect(await told()).toEqual(['new']);
});
