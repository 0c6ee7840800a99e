/**
 * Run by Node 24: every check, then every test, then one closing line that CI reads.
 *
 *   npm test                         checks and tests
 *   npm test -- tests/training       only these tests, no checks; options go to vitest as they are
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runChecks } from './check.mjs';
import { closingLine } from './closing-line.mjs';
import { NODE_24, ROOT } from './paths.mjs';

const RESULTS = join(ROOT, 'tests/output/vitest.json');

const chosen = process.argv.slice(2);
const checks = chosen.length > 0 ? { passed: 0, failed: 0 } : await runChecks();
const exitCode = await runVitest(chosen);
const results = existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')) : undefined;
const { line, ok } = closingLine(checks, results, exitCode);
process.exitCode = ok ? 0 : 1;
console.log(line);

function runVitest(args) {
  rmSync(RESULTS, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${RESULTS}`];
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const child = spawn(NODE_24, [vitest, 'run', ...reporters, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}
