import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from './paths.mjs';
import { runCommand } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * A package of Debian and how to tell, without asking dpkg, that what it brings is there.
 * `optional`: the hub is served without it.
 * @typedef {{ name: string, why: string, optional?: boolean, isPresent: () => boolean }} SystemPackage
 */

/** @type {Record<'ffmpeg' | 'fonts' | 'chromium', SystemPackage>} */
export const SYSTEM_PACKAGES = {
  ffmpeg: {
    name: 'ffmpeg',
    why: 'records broadcasts and packages them for players',
    // FFMPEG_PATH is the hub's own setting for a build kept elsewhere.
    isPresent: () => findProgram('ffmpeg') !== undefined || Boolean(process.env.FFMPEG_PATH),
  },
  fonts: {
    name: 'fonts-noto-cjk',
    why: 'draws Chinese text in pictures made on this machine',
    optional: true,
    isPresent: () => hasFont('/usr/share/fonts', /CJK|wqy|SourceHan/i),
  },
  chromium: {
    name: 'chromium',
    why: 'is the browser of the tests',
    isPresent: () => findProgram('chromium') !== undefined,
  },
};

/**
 * How this process may install packages: as root, by sudo without a password, or not at all.
 * @returns {string[] | undefined} the words to put in front of `apt-get`
 */
export function aptPrefix({
  uid = process.getuid?.(),
  hasApt = Boolean(findProgram('apt-get')),
  maySudo = sudoWorks,
} = {}) {
  if (!hasApt) return undefined;
  if (uid === 0) return [];
  return maySudo() ? ['sudo', '-n'] : undefined;
}

/**
 * Installs what is missing of these packages; without the right to, goes on when all of it is optional.
 * @param {ReturnType<typeof import('./progress.mjs').createProgress>} progress
 * @param {SystemPackage[]} packages
 * @throws {SetupError} naming the exact command
 */
export async function ensureSystemPackages(progress, packages, prefix = aptPrefix) {
  const missing = packages.filter((each) => !each.isPresent());
  if (missing.length === 0) return;
  const words = prefix();
  if (!words) {
    const error = missingPackagesError(missing);
    if (!missing.every((each) => each.optional)) throw error;
    progress.note(`${error.message}\n    ${error.command}`);
    return;
  }
  const names = missing.map((each) => each.name).join(', ');
  await progress.step(`Installing ${names} from Debian`, (detail) =>
    installSystemPackages(missing, detail, words),
  );
}

/** The one message for whoever must install packages by hand, naming the exact command. */
export function missingPackagesError(packages) {
  const names = packages.map((each) => each.name);
  const reasons = packages.filter((each) => each.why).map((each) => `  ${each.name} ${each.why}`);
  const lines = ['These packages of Debian are missing, and this account may not install them:', ...reasons];
  return new SetupError((reasons.length ? lines : [`${lines[0]} ${names.join(' ')}`]).join('\n'), {
    command: `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${names.join(' ')}`,
  });
}

/**
 * Installs packages of Debian.
 * @param {{ name: string, why?: string }[]} packages
 * @param {(detail: string) => void} onProgress
 * @throws {SetupError} naming the exact command, when this account may not install them or apt refuses
 */
export async function installSystemPackages(packages, onProgress, prefix = aptPrefix()) {
  if (!prefix) throw missingPackagesError(packages);
  // Status-Fd=1 makes apt report percentages; the lock is waited for because another apt may be at work on a new machine.
  const options = ['-q', '-y', '-o', 'DPkg::Lock::Timeout=300', '-o', 'APT::Status-Fd=1'];
  const apt = (...args) => {
    const [command, ...rest] = [
      ...prefix,
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      ...options,
      ...args,
    ];
    return runCommand(command, rest, { onLine: (line) => reportAptLine(line, onProgress) });
  };
  try {
    onProgress('reading package lists');
    await apt('update');
    await apt('install', '--no-install-recommends', ...packages.map((each) => each.name));
  } catch (error) {
    throw new SetupError(error.message, { command: missingPackagesError(packages).command, cause: error });
  }
}

function reportAptLine(line, onProgress) {
  const [kind, what, percent] = line.split(':');
  if (kind === 'dlstatus') onProgress(`downloading ${Math.round(Number(percent))} %`);
  if (kind === 'pmstatus') onProgress(`installing ${what} ${Math.round(Number(percent))} %`);
}

function sudoWorks() {
  return (
    findProgram('sudo') !== undefined && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0
  );
}

function hasFont(folder, pattern) {
  try {
    return readdirSync(folder, { withFileTypes: true }).some((entry) =>
      entry.isDirectory() ? hasFont(join(folder, entry.name), pattern) : pattern.test(entry.name),
    );
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}
