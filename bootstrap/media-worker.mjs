import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildWorker, missingBuildPackages } from './media-worker-build.mjs';
import { withLock } from './lock.mjs';
import { cachedWorkerBinary, installedVersion, NODE_24, ROOT } from './paths.mjs';
import { runCommand } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';

const DOWNLOAD_LIMIT_MS = 45_000;
/** What the worker's main.cpp exits with when nobody told it which version is expected: it loads and runs. */
const ALIVE_WITHOUT_PARENT = 41;

/**
 * Makes sure that mediasoup's media worker is in its cache: found there, else downloaded, else built.
 * @param {ReturnType<typeof import('./progress.mjs').createProgress>} progress
 * @throws {SetupError} when all three fail; the hub cannot carry live video without it
 */
export async function ensureMediaWorker(progress) {
  const chosen = process.env.MEDIASOUP_WORKER_BIN;
  if (chosen) {
    if (!runsHere(chosen))
      throw new SetupError(`MEDIASOUP_WORKER_BIN: ${chosen} is no media worker that runs here`);
    return;
  }
  const binary = cachedWorkerBinary(installedVersion('mediasoup'));
  if (runsHere(binary)) return;
  await withLock(
    `${dirname(binary)}.lock`,
    async () => {
      if (runsHere(binary)) return;
      if (await downloadInto(binary, progress)) return;
      await progress.step(
        'Building the media worker from its sources (a few minutes, once)',
        async (detail) => {
          await putInto(binary, (candidate) => buildWorker(candidate, detail));
        },
      );
    },
    (pid) => progress.note(`waiting for process ${pid}, which is preparing the media worker`),
  );
}

/**
 * What a build of the worker would install. Told to somebody who must install packages by hand, so that they do it once.
 * @returns {import('./system-packages.mjs').SystemPackage[]}
 */
export function packagesForMediaWorker() {
  const isThere =
    process.env.MEDIASOUP_WORKER_BIN || runsHere(cachedWorkerBinary(installedVersion('mediasoup')));
  return isThere ? [] : missingBuildPackages();
}

/** Uses the package's own download and leaves its build aside, which needs sources from outside the registry. */
async function downloadInto(binary, progress) {
  const folder = join(ROOT, 'node_modules/mediasoup');
  const downloaded = join(folder, 'worker/out/Release/mediasoup-worker');
  // `false` as Python ends the package's script where, without a download, it would begin its own build.
  const env = { ...process.env, MEDIASOUP_FORCE_WORKER_PREBUILT_DOWNLOAD: '1', PYTHON: 'false' };
  const failure = await progress.step('Looking for a prebuilt media worker', async () => {
    try {
      const script = ['npm-scripts.mjs', 'postinstall'];
      await runCommand(NODE_24, script, { cwd: folder, env, timeoutMs: DOWNLOAD_LIMIT_MS });
      await putInto(binary, (candidate) => copyFileSync(downloaded, candidate));
    } catch (error) {
      if (error instanceof SetupError) return error;
      throw error;
    }
  });
  if (failure) progress.note(`none: ${whyNoDownload(failure)}`);
  return !failure;
}

/** The one line of the package's many that says what stopped the download. */
function whyNoDownload(error) {
  const lines = error.message.split('\n');
  return (
    /reason: (.+)/.exec(error.message)?.[1] ??
    lines.find((line) => /longer than|failed|no available/.test(line)) ??
    lines[1]
  );
}

/** Lets `make` write a candidate beside the binary, starts it, and only then gives it the binary's name. */
async function putInto(binary, make) {
  const candidate = `${binary}.${process.pid}`;
  mkdirSync(dirname(binary), { recursive: true });
  try {
    await make(candidate);
    chmodSync(candidate, 0o755);
    await runCommand(NODE_24, [join(import.meta.dirname, 'verify-media-worker.mjs'), candidate], {
      timeoutMs: 20_000,
    });
    renameSync(candidate, binary);
  } finally {
    rmSync(candidate, { force: true });
  }
}

/** A few milliseconds: loads the program with its libraries, nothing more. */
function runsHere(binary) {
  return (
    existsSync(binary) && spawnSync(binary, [], { env: {}, stdio: 'ignore' }).status === ALIVE_WITHOUT_PARENT
  );
}
