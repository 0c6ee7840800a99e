import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from '../../bootstrap/lock.mjs';
import { parallelJobs } from '../../bootstrap/media-worker-build.mjs';
import { cachedWorkerBinary, installedVersion } from '../../bootstrap/paths.mjs';
import { decideConfig } from '../../server/platform/config.ts';
import { readEnvironment } from '../../server/platform/env.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const GIBIBYTE = 2 ** 30;

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'xiangbo-setup-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs setup with nothing of this machine's but Node and what `programs` brings. */
function setUp(purpose: string, programs: string[], env: Record<string, string> = {}) {
  symlinkSync(process.execPath, join(folder, 'node'));
  for (const program of programs) symlinkSync('/bin/true', join(folder, program));
  return spawnSync(process.execPath, [join(ROOT, 'bootstrap/setup.mjs'), purpose], {
    env: { PATH: folder, HOME: homedir(), ...env },
    encoding: 'utf8',
  });
}

test('a missing ffmpeg stops the start with the exact command', () => {
  const { status, stderr } = setUp('start', []);
  expect(status).toBe(1);
  expect(stderr).toContain('ffmpeg records broadcasts');
  expect(stderr).toMatch(/ {2}sudo apt-get update && sudo apt-get install -y --no-install-recommends ffmpeg/);
});

test('a media worker that does not run here is named', () => {
  const { status, stderr } = setUp('start', ['ffmpeg'], { MEDIASOUP_WORKER_BIN: '/bin/true' });
  expect(status).toBe(1);
  expect(stderr).toContain('MEDIASOUP_WORKER_BIN: /bin/true is no media worker that runs here');
});

test('an unknown purpose is answered with the known ones', () => {
  expect(setUp('party', []).stderr).toContain('Say what to set up for: start, dev, web, check, test.');
});

test('the hub looks for the media worker where setup puts it', () => {
  const config = decideConfig(readEnvironment({}), { demo: false });
  expect(config.media.workerBin).toBe(cachedWorkerBinary(installedVersion('mediasoup')));
  expect(cachedWorkerBinary('3.27.1', { XDG_CACHE_HOME: '/var/cache' })).toMatch(
    /^\/var\/cache\/xiangbo\/mediasoup-worker\/3\.27\.1-\w+-\w+\/mediasoup-worker$/,
  );
  expect(cachedWorkerBinary('3.27.1', { XDG_CACHE_HOME: '' })).toContain(join(homedir(), '.cache/xiangbo'));
});

test('two at the same lock take turns', async () => {
  const lock = join(folder, 'lock');
  const order: string[] = [];
  const waited: string[] = [];
  const turn = (name: string) => async () => {
    order.push(`${name} in`);
    await new Promise((done) => setTimeout(done, 50));
    order.push(`${name} out`);
  };
  const told = (pid: string) => waited.push(pid);
  await Promise.all([withLock(lock, turn('a'), told), withLock(lock, turn('b'), told)]);
  expect(order).toEqual(['a in', 'a out', 'b in', 'b out']);
  expect(waited).toEqual([String(process.pid)]);
});

test('a lock left by a process that is gone is taken over, also when its number lives on', async () => {
  const lock = join(folder, 'lock');
  for (const owner of ['4194399 12345', `${process.pid} 1`]) {
    writeFileSync(lock, owner);
    expect(await withLock(lock, () => Promise.resolve('mine'))).toBe('mine');
  }
});

test('a lock is given back when the work fails', async () => {
  const lock = join(folder, 'lock');
  await expect(withLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await withLock(lock, () => Promise.resolve('again'))).toBe('again');
});

test.each([
  [2, 24 * GIBIBYTE, 2],
  [16, 4 * GIBIBYTE, 2],
  [4, GIBIBYTE, 1],
])('compilers at once with %i cores and %i bytes: %i', (cores, memoryBytes, jobs) => {
  expect(parallelJobs(cores, memoryBytes)).toBe(jobs);
});
