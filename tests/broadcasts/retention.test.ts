import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterEach, describe, expect, it, test } from 'vitest';
import { broadcasts } from '../../drizzle/schema/broadcasts.ts';
import { auditLog } from '../../drizzle/schema/platform.ts';
import { insertInits, insertSegments } from '../../server/broadcasts/recording-store.ts';
import { keptUntilMs, LEAST_DAYS } from '../../server/broadcasts/retention-rules.ts';
import type { BroadcastView } from '../../server/broadcasts/messages.ts';
import { openTestHub, type TestHub } from '../support/open-test-hub.ts';
import { signInAs, type Someone } from '../support/sign-in-as.ts';

const DAY = 86_400_000;
const ENDED = Date.parse('2024-01-10T08:00:00Z');

describe('how long a recording is kept', () => {
  test.each([
    ['a class by the law', 'class', { class: 1, sale: 1 }, undefined, 60],
    ['a class as configured', 'class', { class: 365, sale: 1 }, undefined, 365],
    ['a sale by the law', 'sale', { class: 1, sale: 1 }, undefined, 1096],
    ['a sale as configured', 'sale', { class: 1, sale: 2000 }, undefined, 2000],
    ['a sale from its last transaction', 'sale', LEAST_DAYS, ENDED + 30 * DAY, 1126],
    ['a sale whose transactions were before its end', 'sale', LEAST_DAYS, ENDED - DAY, 1096],
    ['a class whatever was sold', 'class', LEAST_DAYS, ENDED + 30 * DAY, 60],
  ] as const)('%s', (_, kind, days, lastTransactionMs, expected) => {
    const until = keptUntilMs({ kind, endedAtMs: ENDED, lastTransactionMs, held: false }, days);
    expect((until! - ENDED) / DAY).toBe(expected);
  });

  it('is for ever while it is held or not over', () => {
    expect(keptUntilMs({ kind: 'class', endedAtMs: ENDED, held: true }, LEAST_DAYS)).toBeNull();
    expect(keptUntilMs({ kind: 'class', endedAtMs: null, held: false }, LEAST_DAYS)).toBeNull();
  });
});

describe('the daily job', () => {
  let t: TestHub;
  let now = ENDED;
  let admin: Someone;
  afterEach(() => t.close());

  async function record(kind: 'class' | 'sale'): Promise<string> {
    const plan = { title: '旧课', kind, regionCode: '533103', visibility: 'public' };
    const made = await t.ask('POST', '/api/broadcasts', { cookie: admin.cookie, body: plan });
    const { id } = (await made.json()) as BroadcastView;
    const file = `broadcasts/${id}/segment-000000-0-0.m4s`;
    await mkdir(join(t.dataDir, 'media', 'broadcasts', id), { recursive: true });
    await writeFile(join(t.dataDir, 'media', file), 'recorded');
    const init = { initIndex: 0, file, byteLength: 8, codecs: 'avc1.42e01f', width: 1, height: 1 };
    await t.hub.db.transaction(async (tx) => {
      await insertInits(tx, id, [init]);
      await insertSegments(tx, id, [
        {
          ...{ sequence: 0, discontinuitySequence: 0, initIndex: 0, file, durationMs: 2000, byteLength: 8 },
          ...{ programDateTime: new Date(ENDED).toISOString(), keyframeAligned: true },
        },
      ]);
      const endedAt = new Date(ENDED).toISOString();
      await tx.update(broadcasts).set({ state: 'replay', endedAt }).where(eq(broadcasts.id, id));
    });
    return id;
  }
  const isOnDisk = (id: string) =>
    access(join(t.dataDir, 'media', 'broadcasts', id)).then(
      () => true,
      () => false,
    );
  const expiring = async () => {
    const answer = await t.ask('GET', '/api/recordings/expiring?withinDays=0', { cookie: admin.cookie });
    return ((await answer.json()) as { recordings: { broadcastId: string }[] }).recordings.map(
      ({ broadcastId }) => broadcastId,
    );
  };

  it('removes what is over and nothing else, keeps the broadcast, and says what it removed', async () => {
    now = ENDED;
    t = await openTestHub({ clock: { now: () => now }, env: { RETENTION_CLASS_DAYS: '60' } });
    admin = await signInAs(t.hub, { roles: [['administrator', '533103']] });
    const [old, held, sale] = [await record('class'), await record('class'), await record('sale')];
    const hold = await t.ask('PUT', `/api/broadcasts/${held}/hold`, {
      cookie: admin.cookie,
      body: { reason: '举报待查' },
    });
    expect(await hold.json()).toEqual({ holdReason: '举报待查' });
    expect(await t.hub.broadcasts.retentionJob.run()).toBeUndefined();
    expect(await expiring()).toEqual([held]);

    now = ENDED + 60 * DAY;
    expect(await expiring()).toEqual([old, held]);
    expect(await t.hub.broadcasts.retentionJob.run()).toEqual({ recordings: 1, bytes: 8 });
    expect([await isOnDisk(old), await isOnDisk(held), await isOnDisk(sale)]).toEqual([false, true, true]);
    const gone = (await (await t.ask('GET', `/api/broadcasts/${old}`)).json()) as BroadcastView;
    expect(gone).toMatchObject({ title: '旧课', recordingRemovedAt: new Date(now).toISOString() });
    const played = await t.ask('GET', `/hls/${old}/index.m3u8`);
    expect(await played.json()).toMatchObject({ error: { code: 'recording.none' } });
    const [entry] = await t.hub.db.select().from(auditLog).where(eq(auditLog.objectId, old));
    expect(entry).toMatchObject({ action: 'recording.removed', detail: { segments: 1, bytes: 8, days: 60 } });

    now = ENDED + 1096 * DAY;
    expect(await t.hub.broadcasts.retentionJob.run()).toBeUndefined();
    // Nothing tells of a sale's last transaction yet.
    expect([await isOnDisk(held), await isOnDisk(sale)]).toEqual([true, true]);
  });
});
