import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { eq } from 'drizzle-orm';
import { createClient } from '@libsql/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settings } from '../../drizzle/schema/platform.ts';
import { openDatabase, type Database } from '../../server/platform/database/open.ts';
import { DatabaseNewerError } from '../../server/platform/database/migrate.ts';

let dir: string;
let url: string;
let db: Database;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'xiangbo-db-'));
  url = `file:${join(dir, 'hub.db')}`;
  db = await openDatabase(url);
});

afterEach(async () => {
  await db.close();
  await rm(dir, { recursive: true, force: true });
});

async function countUp(): Promise<void> {
  await db.transaction(async (tx) => {
    const [row] = await tx.select().from(settings).where(eq(settings.key, 'n'));
    await tx
      .update(settings)
      .set({ value: (row!.value as number) + 1 })
      .where(eq(settings.key, 'n'));
  });
}

describe('the write gate', () => {
  it('loses and refuses none of 1,000 concurrent transactions and never stalls the event loop for 50 ms', async () => {
    await db.insert(settings).values({ key: 'n', value: 0 });
    await countUp();
    for (const round of [1, 2, 3]) {
      const stalls = monitorEventLoopDelay({ resolution: 1 });
      stalls.enable();
      const results = await Promise.allSettled(Array.from({ length: 1000 }, countUp));
      stalls.disable();
      expect(results.filter((r) => r.status === 'rejected')).toEqual([]);
      expect(await db.select().from(settings)).toEqual([{ key: 'n', value: 1 + round * 1000 }]);
      expect(stalls.max / 1e6).toBeLessThan(50);
    }
  });

  it('throws at once for a write beside the open transaction, and writes nothing', async () => {
    await expect(
      db.transaction(async (tx) => {
        await tx.insert(settings).values({ key: 'inside', value: 1 });
        await db.insert(settings).values({ key: 'beside', value: 1 });
      }),
    ).rejects.toMatchObject({
      cause: expect.objectContaining({ message: expect.stringContaining('beside the open') }),
    });
    expect(await db.select().from(settings)).toEqual([]);
    await db.insert(settings).values({ key: 'after', value: 1 });
  });

  it('waits without blocking the event loop while another process holds the write lock', async () => {
    const other = createClient({ url });
    const holding = await other.transaction('write');
    const stalls = monitorEventLoopDelay({ resolution: 1 });
    stalls.enable();
    const writing = db.insert(settings).values({ key: 'late', value: 1 });
    const pending = Promise.resolve(writing).then(() => 'written');
    const early = await Promise.race([pending, new Promise((r) => setTimeout(() => r('waiting'), 150))]);
    expect(early).toBe('waiting');
    await holding.rollback();
    expect(await pending).toBe('written');
    stalls.disable();
    expect(stalls.max / 1e6).toBeLessThan(50);
    other.close();
  });
});

describe('the connections', () => {
  it('all carry the pragmas, also when several are borrowed at once', async () => {
    const read = (pragma: string) =>
      Promise.all(Array.from({ length: 4 }, () => db.$client.execute(`PRAGMA ${pragma}`)));
    const values = async (pragma: string) => (await read(pragma)).map((r) => Object.values(r.rows[0]!)[0]);
    expect(await values('synchronous')).toEqual([1, 1, 1, 1]);
    expect(await values('wal_autocheckpoint')).toEqual([0, 0, 0, 0]);
    expect(await values('busy_timeout')).toEqual([0, 0, 0, 0]);
    expect(await values('foreign_keys')).toEqual([1, 1, 1, 1]);
    expect(await values('journal_mode')).toEqual(['wal', 'wal', 'wal', 'wal']);
    await db.transaction(async (tx) => {
      expect((await tx.run('PRAGMA synchronous')).rows[0]).toMatchObject({ synchronous: 1 });
    });
  });
});

describe('migrations', () => {
  it('are refused when a newer hub has been at the database, which stays as it was', async () => {
    await db.$client.execute({
      sql: 'INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)',
      args: ['from the future', Date.parse('2031-01-01')],
    });
    await db.close();
    const opening = openDatabase(url);
    await expect(opening).rejects.toBeInstanceOf(DatabaseNewerError);
    await expect(opening).rejects.toThrow(/newer Xiangbo.*2031/);
  });

  it('are not applied twice', async () => {
    await db.insert(settings).values({ key: 'kept', value: true });
    await db.close();
    db = await openDatabase(url);
    expect(await db.select().from(settings)).toEqual([{ key: 'kept', value: true }]);
  });
});
