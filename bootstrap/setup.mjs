/**
 * Sets up everything that a command of package.json needs, on a machine that has Node 20.19, npm and nothing else.
 * Uses no package, since it runs before there are any. Each step looks first and does nothing where nothing is to do.
 *
 *   node bootstrap/setup.mjs start | dev | web | check | test
 */
import { join } from 'node:path';
import { ensureGeneratedCode } from './generated-code.mjs';
import { withLock } from './lock.mjs';
import { ensureMediaWorker, packagesForMediaWorker } from './media-worker.mjs';
import { ensureNodePackages, requireNode } from './node-packages.mjs';
import { ROOT } from './paths.mjs';
import { createProgress } from './progress.mjs';
import { endRunningCommands } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';
import { aptPrefix, ensureSystemPackages, SYSTEM_PACKAGES } from './system-packages.mjs';
import { ensureWebBuild } from './web-build.mjs';

const { ffmpeg, fonts, chromium } = SYSTEM_PACKAGES;
const NEEDS = {
  start: { system: [ffmpeg, fonts], media: true, webBuild: true },
  dev: { system: [ffmpeg, fonts], media: true, generated: true },
  web: { system: [], webBuild: true },
  check: { system: [], generated: true },
  test: { system: [ffmpeg, fonts, chromium], media: true, generated: true, webBuild: true },
};

async function setUp(purpose) {
  const needs = NEEDS[purpose];
  if (!needs) throw new SetupError(`Say what to set up for: ${Object.keys(NEEDS).join(', ')}.`);
  requireNode();
  const progress = createProgress(process.stderr);
  await withLock(
    join(ROOT, '.cache/setup.lock'),
    async () => {
      await ensureNodePackages(progress);
      await ensureSystemPackages(progress, [...needs.system, ...(needs.media ? namedInAdvance() : [])]);
      if (needs.media) await ensureMediaWorker(progress);
      if (needs.generated) await ensureGeneratedCode(progress);
      if (needs.webBuild) await ensureWebBuild(progress);
    },
    (pid) => progress.note(`waiting for process ${pid}, which is setting up this folder`),
  );
}

/** Who may not install packages hears of all of them at once; otherwise the worker's step installs what it turns out to need. */
function namedInAdvance() {
  const packages = packagesForMediaWorker();
  return packages.length > 0 && !aptPrefix() ? packages : [];
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    endRunningCommands();
    process.exit(1);
  });
}

const startedAt = performance.now();
try {
  await setUp(process.argv[2]);
  console.error(`Set up in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`\n${error.message}`);
  if (error.command) console.error(`\nRun this, then try again:\n\n  ${error.command}\n`);
  process.exitCode = 1;
}
