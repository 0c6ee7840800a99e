import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { closingLine } from '../../bootstrap/closing-line.mjs';
import { createProgress } from '../../bootstrap/progress.mjs';
import { runCommand } from '../../bootstrap/run-command.mjs';

const results = {
  numPassedTests: 40,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numFailedTestSuites: 0,
};

test.each([
  ['all is well', { passed: 7, failed: 0 }, results, 0, '47 passed, 0 failed', true],
  ['a check fails', { passed: 6, failed: 1 }, results, 0, '46 passed, 1 failed', false],
  [
    'tests fail',
    { passed: 7, failed: 0 },
    { ...results, numFailedTests: 2 },
    1,
    '47 passed, 2 failed',
    false,
  ],
  [
    'tests are skipped',
    { passed: 7, failed: 0 },
    { ...results, numPendingTests: 3 },
    0,
    '47 passed, 0 failed, 3 skipped',
    true,
  ],
  ['a file cannot be loaded', { passed: 7, failed: 0 }, results, 1, '47 passed, 1 failed', false],
  ['vitest wrote no report', { passed: 7, failed: 0 }, undefined, 1, '7 passed, 1 failed', false],
  [
    'nothing ran',
    { passed: 0, failed: 0 },
    { ...results, numPassedTests: 0 },
    0,
    '0 passed, 0 failed',
    false,
  ],
])('the closing line when %s', (_when, checks, report, exitCode, line, ok) => {
  expect(closingLine(checks, report, exitCode)).toEqual({ line, ok });
});

test('a failing program is shown with the end of what it said', async () => {
  const failing = runCommand(process.execPath, [
    '-e',
    'console.log("half done"); console.error("disk full"); process.exit(3)',
  ]);
  await expect(failing).rejects.toMatchObject({
    name: 'SetupError',
    message: expect.stringMatching(/ended with code 3\n(half done\ndisk full|disk full\nhalf done)$/),
  });
});

test('a program that takes too long is ended together with what it started', async () => {
  const script = 'sleep 60 & echo $!; wait';
  let sleeper = 0;
  const slow = runCommand('sh', ['-c', script], {
    timeoutMs: 400,
    onLine: (line: string) => (sleeper = Number(line)),
  });
  await expect(slow).rejects.toThrow('took longer than 0.4 s');
  expect(sleeper).toBeGreaterThan(0);
  await expect.poll(() => isRunning(sleeper)).toBe(false);
});

test('a program that is not there is named', async () => {
  await expect(runCommand('no-such-program', [])).rejects.toThrow(/no-such-program.*\ncould not be started/);
});

test('a step says that it began, what it is and how long it took; a failed one is marked', async () => {
  const said: string[] = [];
  const { step } = createProgress({ write: (text: string) => said.push(text) });
  expect(await step('Building', () => Promise.resolve(7))).toBe(7);
  await expect(step('Loading', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(said.join('')).toMatch(
    /^ {2}… Building\n {2}✓ Building 0\.\d s\n {2}… Loading\n {2}✗ Loading 0\.\d s\n$/,
  );
});

/** An ended process that nobody has asked about yet (Z) does not run. */
function isRunning(pid: number): boolean {
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && !readFileSync(stat, 'utf8').includes(') Z ');
}
