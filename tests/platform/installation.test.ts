import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../server/platform/database/open.ts';
import { claimInstallation, markInstallation } from '../../server/platform/installation.ts';

let dataDir: string;
let db: Database;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'xiangbo-installation-'));
  db = await openDatabase(`file:${join(dataDir, 'hub.db')}`);
});
afterEach(async () => {
  await db.close();
  await rm(dataDir, { recursive: true, force: true });
});

it('refuses the sample where real data is, from the first real start on', async () => {
  expect(await claimInstallation(db, { demo: false, dataDir })).toBe('new');
  await expect(claimInstallation(db, { demo: true, dataDir })).rejects.toThrow(/holds real data/);
  expect(await claimInstallation(db, { demo: false, dataDir })).toBe('real');
});

it('refuses real work where the sample is, finished or not', async () => {
  expect(await claimInstallation(db, { demo: true, dataDir })).toBe('new');
  await markInstallation(db, 'sample-filling');
  await expect(claimInstallation(db, { demo: false, dataDir })).rejects.toThrow(/holds the sample/);
  await expect(claimInstallation(db, { demo: true, dataDir })).rejects.toThrow(/not finished/);
  await markInstallation(db, 'sample');
  expect(await claimInstallation(db, { demo: true, dataDir })).toBe('sample');
  await expect(claimInstallation(db, { demo: false, dataDir })).rejects.toThrow(/holds the sample/);
});

it('lets one process at a time work in a data directory, and the next one in when it dies', async () => {
  const script = `
    import { lockDataDir } from './server/platform/data-lock.ts';
    await lockDataDir(process.argv[1]);
    console.log('locked');
    setInterval(() => {}, 1000);`;
  const start = () => spawn(process.execPath, ['--input-type=module', '-e', script, dataDir]);
  const first = start();
  await once(first.stdout, 'data');
  const second = start();
  let said = '';
  second.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  expect(await once(second, 'exit')).toEqual([1, null]);
  expect(said).toContain('Another Xiangbo works in');
  first.kill('SIGKILL');
  await once(first, 'exit');
  const third = start();
  await once(third.stdout, 'data');
  third.kill('SIGKILL');
  await once(third, 'exit');
});
