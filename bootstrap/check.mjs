/**
 * Run by Node 24: every check that needs no running hub, two at a time.
 *
 *   npm run check                    all of them
 *   npm run check -- lint types      some of them
 */
import { join } from 'node:path';
import { findForbiddenImports } from './import-rules.mjs';
import { findMigrationDrift } from './migration-drift.mjs';
import { NODE_24, ROOT } from './paths.mjs';
import { runCommand } from './run-command.mjs';

const AT_ONCE = 2;

/** What runs under each name. The slowest come first, so that the last one to end is a short one. */
const CHECKS = {
  lint: () => tool('eslint/bin/eslint.js', '.', '--max-warnings=0'),
  types: async () => {
    await tool('typescript/bin/tsc', '-p', 'tsconfig.server.json');
    await tool('typescript/bin/tsc', '-p', 'tsconfig.tests.json');
  },
  components: () =>
    tool('svelte-check/bin/svelte-check', '--workspace', 'web', '--fail-on-warnings', '--output', 'human'),
  format: () =>
    tool('prettier/bin/prettier.cjs', '--check', '--cache', '--cache-location', '.cache/prettier', '.'),
  imports: () => expectNone(findForbiddenImports(ROOT)),
  migrations: () => expectNone(findMigrationDrift(ROOT)),
  unused: () => tool('knip/bin/knip.js', '--no-progress', '--no-config-hints'),
};

/**
 * Runs the named checks and prints one line each; what failed prints all it has to say.
 * @param {string[]} [names] all of them when none is named
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runChecks(names = []) {
  const unknown = names.filter((name) => !(name in CHECKS));
  if (unknown.length > 0)
    throw new Error(`No such check: ${unknown.join(', ')}. Known: ${Object.keys(CHECKS).join(', ')}`);
  const queue = names.length > 0 ? [...names] : Object.keys(CHECKS);
  const count = { passed: 0, failed: 0 };
  async function work() {
    for (let name = queue.shift(); name; name = queue.shift()) {
      count[(await runCheck(name)) ? 'passed' : 'failed'] += 1;
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return count;
}

async function runCheck(name) {
  const startedAt = performance.now();
  const took = () => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
  try {
    await CHECKS[name]();
    console.log(`  ✓ ${name} ${took()}`);
    return true;
  } catch (error) {
    console.log(`  ✗ ${name} ${took()}\n${error.message.replace(/^/gm, '    ')}`);
    return false;
  }
}

function tool(file, ...args) {
  return runCommand(NODE_24, [join(ROOT, 'node_modules', file), ...args], { cwd: ROOT, keptLines: 400 });
}

async function expectNone(finding) {
  const found = await finding;
  if (found.length > 0) throw new Error(found.join('\n'));
}

if (process.argv[1] === import.meta.filename) {
  const { failed } = await runChecks(process.argv.slice(2));
  process.exitCode = failed > 0 ? 1 : 0;
}
