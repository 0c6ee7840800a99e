import { expect, test } from 'vitest';
import { createProgress } from '../../bootstrap/progress.mjs';
import { aptPrefix, ensureSystemPackages, SYSTEM_PACKAGES } from '../../bootstrap/system-packages.mjs';

const missing = (name: keyof typeof SYSTEM_PACKAGES) => ({
  ...SYSTEM_PACKAGES[name],
  isPresent: () => false,
});
const notPermitted = () => undefined;

function listen() {
  const said: string[] = [];
  return { said, progress: createProgress({ write: (text: string) => said.push(text) }) };
}

test.each([
  ['root', { uid: 0, hasApt: true, maySudo: () => false }, []],
  ['an account with sudo', { uid: 1000, hasApt: true, maySudo: () => true }, ['sudo', '-n']],
  ['an account without', { uid: 1000, hasApt: true, maySudo: () => false }, undefined],
  ['root of a system without apt', { uid: 0, hasApt: false, maySudo: () => true }, undefined],
])('%s installs packages as it may', (_who, circumstances, prefix) => {
  expect(aptPrefix(circumstances)).toEqual(prefix);
});

test('without the right to install, one message names everything missing and the exact command', async () => {
  const { progress } = listen();
  const packages = [missing('ffmpeg'), missing('fonts'), { ...missing('chromium'), isPresent: () => true }];
  await expect(ensureSystemPackages(progress, packages, notPermitted)).rejects.toMatchObject({
    name: 'SetupError',
    message: expect.stringMatching(/ffmpeg records broadcasts.*\n.*fonts-noto-cjk draws/),
    command: 'sudo apt-get update && sudo apt-get install -y --no-install-recommends ffmpeg fonts-noto-cjk',
  });
});

test('what the hub can do without is named, and setup goes on', async () => {
  const { said, progress } = listen();
  await ensureSystemPackages(progress, [missing('fonts')], notPermitted);
  expect(said.join('')).toContain('sudo apt-get install -y --no-install-recommends fonts-noto-cjk');
});

test('nothing missing: nobody is asked for rights and nothing is said', async () => {
  const { said, progress } = listen();
  const asked = () => expect.unreachable('asked how to install');
  await ensureSystemPackages(progress, [{ ...missing('ffmpeg'), isPresent: () => true }], asked);
  expect(said).toEqual([]);
});
