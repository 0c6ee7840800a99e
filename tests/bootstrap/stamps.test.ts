import { cpSync, mkdirSync, readlinkSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashInputs, stampHolds, writeStamp } from '../../bootstrap/input-hash.mjs';
import { ensureNode24, installedMatchesLock, requireNode } from '../../bootstrap/node-packages.mjs';
import { hashWebInputs } from '../../bootstrap/web-build.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'xiangbo-stamps-'));
  write('web/routes/+page.svelte', '<h1>乡播</h1>');
  write('web/messages/zh-CN.json', '{}');
  write('package-lock.json', '{}');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, content: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), content);
}

test('the hash of the same files is the same, whatever their times and their folder', () => {
  const before = hashInputs(root, ['web', 'package-lock.json']);
  utimesSync(join(root, 'package-lock.json'), 1, 1);
  expect(hashInputs(root, ['package-lock.json', 'web'])).toBe(before);
  const elsewhere = mkdtempSync(join(tmpdir(), 'xiangbo-stamps-'));
  try {
    cpSync(root, elsewhere, { recursive: true });
    expect(hashInputs(elsewhere, ['web', 'package-lock.json'])).toBe(before);
  } finally {
    rmSync(elsewhere, { recursive: true, force: true });
  }
});

test.each([
  ['a changed file', () => write('web/routes/+page.svelte', '<h1>乡播!</h1>')],
  ['a new file', () => write('web/routes/new/+page.svelte', '')],
  ['a removed file', () => rmSync(join(root, 'web/messages/zh-CN.json'))],
  ['a moved line between files', () => (write('web/a', ''), write('web/routes/+page.svelte', ''))],
  ['an input that appears', () => write('courses/model/course.ts', 'export {};')],
  ['another lock', () => write('package-lock.json', '{ }')],
])('%s asks for another build of the web', (_what, change) => {
  const before = hashWebInputs(root);
  change();
  expect(hashWebInputs(root)).not.toBe(before);
});

test.each([
  'web/lib/paraglide/messages.js',
  'web/node_modules/$app/types.d.ts',
  'web/project.inlang/cache/x',
  'server/app.ts',
])('what a build writes or does not read asks for none: %s', (path) => {
  const before = hashWebInputs(root);
  write(path, 'anything');
  expect(hashWebInputs(root)).toBe(before);
});

test('a stamp holds the value that was written, and no other', () => {
  const stamp = join(root, 'build/.stamp');
  expect(stampHolds(stamp, 'a')).toBe(false);
  writeStamp(stamp, 'a');
  expect([stampHolds(stamp, 'a'), stampHolds(stamp, 'b')]).toEqual([true, false]);
});

const hono = { version: '4.13.19', integrity: 'sha512-x' };
const forWindows = { version: '1.0.0', integrity: 'sha512-w', optional: true };

test.each([
  ['equal', { 'node_modules/hono': hono }, true],
  ['another version', { 'node_modules/hono': { ...hono, version: '4.13.18' } }, false],
  ['other contents', { 'node_modules/hono': { ...hono, integrity: 'sha512-y' } }, false],
  ['missing', {}, false],
  ['one too many', { 'node_modules/hono': hono, 'node_modules/left': hono }, false],
  ['with the optional one', { 'node_modules/hono': hono, 'node_modules/win': forWindows }, true],
])('installed packages against the lock: %s', (_what, packages, matches) => {
  const lock = {
    packages: { '': { version: '0.1.0' }, 'node_modules/hono': hono, 'node_modules/win': forWindows },
  };
  expect(installedMatchesLock(lock, { packages })).toBe(matches);
});

test.each(['18.20.4', '20.18.3', '19.9.0'])('Node %s is refused with both versions named', (version) => {
  expect(() => requireNode(version)).toThrow(
    `Node 20.19 or newer is needed to set up; this is Node ${version}.`,
  );
});

test.each(['20.19.0', '20.20.2', '22.0.0', '24.21.0'])('Node %s is enough to set up', (version) => {
  expect(() => requireNode(version)).not.toThrow();
});

test('Node 24 gets its name where npm left the link out, and keeps it', () => {
  const packaged = `node-${process.platform}-${process.arch}/bin/node`;
  write(`node_modules/${packaged}`, '');
  ensureNode24(root);
  ensureNode24(root);
  expect(readlinkSync(join(root, 'node_modules/.bin/node'))).toBe(`../${packaged}`);
});

test('a platform the registry has no Node 24 for uses the Node that runs', () => {
  ensureNode24(root);
  expect(readlinkSync(join(root, 'node_modules/.bin/node'))).toBe(process.execPath);
});
