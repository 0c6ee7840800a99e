import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient } from '@libsql/client';
import { settings } from '../../drizzle/schema/platform.ts';
import { Checkpointer } from '../../server/platform/database/checkpointer.ts';
import { GroupSync } from '../../server/platform/database/group-sync.ts';
import { openDatabase } from '../../server/platform/database/open.ts';

let dir: string;
beforeEach(async () => (dir = await mkdtemp(join(tmpdir(), 'xiangbo-wal-'))));
afterEach(() => rm(dir, { recursive: true, force: true }));

/** A sync that ends when the test says so. */
function heldSync() {
  const calls: PromiseWithResolvers<void>[] = [];
  const group = new GroupSync(() => {
    const call = Promise.withResolvers<void>();
    calls.push(call);
    return call.promise;
  });
  return { group, calls };
}

describe('the group sync', () => {
  it('lets those who ask while one runs share the next one, and never the running one', async () => {
    const { group, calls } = heldSync();
    const settled: string[] = [];
    const ask = (name: string) => group.settle().then(() => settled.push(name));
    const all = [ask('first'), ask('second'), ask('third')];
    expect(calls).toHaveLength(1);
    calls[0]!.resolve();
    await all[0];
    expect(settled).toEqual(['first']);
    expect(calls).toHaveLength(2);
    calls[1]!.resolve();
    await Promise.all(all);
    expect(calls).toHaveLength(2);
  });

  it('fails only those a failed sync stood for', async () => {
    const { group, calls } = heldSync();
    const first = group.settle();
    const second = group.settle();
    calls[0]!.reject(new Error('EIO'));
    await expect(first).rejects.toThrow('EIO');
    await expect.poll(() => calls.length).toBe(2);
    calls[1]!.resolve();
    await expect(second).resolves.toBeUndefined();
  });
});

describe('the write-ahead log', () => {
  it('keeps every acknowledged row when the process is killed', async () => {
    const path = join(dir, 'hub.db');
    const child = fork('tests/support/write-until-killed.ts', [path], { silent: true });
    const acknowledged: string[] = [];
    const lines = createInterface({ input: child.stdout! });
    // Beyond the size at which checkpoints begin, so that the end falls between them.
    for await (const line of lines) if (acknowledged.push(line) === 6000) break;
    child.kill('SIGKILL');
    await once(child, 'exit');
    const db = await openDatabase(`file:${path}`);
    const kept = new Set((await db.select({ key: settings.key }).from(settings)).map(({ key }) => key));
    await db.close();
    expect(acknowledged.filter((n) => !kept.has(`row-${n}`))).toEqual([]);
  });

  it('stays small under endless writes, and the rows are in the database file', async () => {
    const path = join(dir, 'hub.db');
    const db = await openDatabase(`file:${path}`);
    let largest = 0;
    for (let n = 0; n < 300; n += 1) {
      const rows = Array.from({ length: 50 }, (_, at) => ({
        key: `row-${n}-${at}`,
        value: 'x'.repeat(2000),
      }));
      await db.insert(settings).values(rows);
      largest = Math.max(largest, (await stat(`${path}-wal`)).size);
    }
    expect(largest).toBeLessThan(16 * 1024 * 1024);
    expect((await stat(path)).size).toBeGreaterThan(20 * 1024 * 1024);
    expect(db.fault()).toBeUndefined();
    await db.close();
    expect((await stat(`${path}-wal`)).size).toBe(0);
  });
});

describe('the checkpoint thread', () => {
  it('says when another process is in the way, and is started again after it failed', async () => {
    const path = join(dir, 'hub.db');
    const missing = new Checkpointer(join(dir, 'no', 'such', 'hub.db'));
    await expect(missing.ask('copy')).rejects.toThrow();
    await missing.close();
    const other = createClient({ url: `file:${path}` });
    await other.execute('PRAGMA journal_mode=WAL');
    await other.execute('CREATE TABLE t (x)');
    const checkpointer = new Checkpointer(path);
    const writing = await other.transaction('write');
    await writing.execute('INSERT INTO t VALUES (1)');
    expect(await checkpointer.ask('empty')).toEqual({ emptied: false });
    await writing.commit();
    expect(await checkpointer.ask('empty')).toEqual({ emptied: true });
    await checkpointer.close();
    expect(await checkpointer.ask('copy')).toEqual({ emptied: true });
    await checkpointer.close();
    other.close();
  });
});
