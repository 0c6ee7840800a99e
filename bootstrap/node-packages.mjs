import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';
import { stampHolds, writeStamp } from './input-hash.mjs';
import { ROOT } from './paths.mjs';
import { runCommand } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';

const OLDEST_NODE = [20, 19];

/** @throws {SetupError} when this Node is too old even to set up (vite and npm of the lock need 20.19) */
export function requireNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  const [wantedMajor, wantedMinor] = OLDEST_NODE;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  throw new SetupError(
    `Node ${OLDEST_NODE.join('.')} or newer is needed to set up; this is Node ${version}.`,
  );
}

/**
 * Installs the packages of package-lock.json, unless they are there. Install scripts stay off (.npmrc): none is needed
 * but mediasoup's, which fails where only the npm registry is reachable and which media-worker.mjs replaces.
 */
export async function ensureNodePackages(progress, root = ROOT) {
  const stamp = join(root, 'node_modules/.xiangbo-packages');
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const value = createHash('sha256').update(lock).digest('hex');
  if (stampHolds(stamp, value)) return ensureNode24(root);
  const installed = join(root, 'node_modules/.package-lock.json');
  const upToDate =
    existsSync(installed) &&
    installedMatchesLock(JSON.parse(lock), JSON.parse(readFileSync(installed, 'utf8')));
  if (!upToDate)
    await progress.step('Installing packages from the npm registry', () => installPackages(root));
  ensureNode24(root);
  writeStamp(stamp, value);
}

/**
 * Whether npm's own record of what it installed agrees with the lock. Optional packages may be absent: most of them are
 * for other platforms.
 * @param {{ packages: Record<string, { version?: string, integrity?: string, optional?: boolean }> }} lock
 * @param {{ packages: Record<string, { version?: string, integrity?: string }> }} installed
 */
export function installedMatchesLock(lock, installed) {
  const wanted = Object.entries(lock.packages).filter(([path]) => path !== '');
  const agrees = wanted.every(([path, entry]) => {
    const found = installed.packages[path];
    if (!found) return entry.optional === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
  return agrees && Object.keys(installed.packages).every((path) => path in lock.packages);
}

async function installPackages(root) {
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  // npm runs on the Node that the system has: the one inside node_modules is about to be removed.
  const { npm_execpath: npm, npm_node_execpath: npmNode } = process.env;
  const [command, ...rest] =
    npm && npmNode && existsSync(npmNode) ? [npmNode, npm, ...args] : ['npm', ...args];
  const own = join(root, 'node_modules/.bin');
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== own);
  try {
    await runCommand(command, rest, { cwd: root, env: { ...process.env, PATH: path.join(delimiter) } });
  } catch (error) {
    throw new SetupError(error.message, { command: 'npm ci --ignore-scripts', cause: error });
  }
}

/**
 * Gives Node 24 its name where npm did not: npm 10 leaves the link out, because the packages for other platforms bring a
 * `node` too. Where the registry carries no Node 24 for this platform, this Node serves when it is new enough.
 */
export function ensureNode24(root = ROOT) {
  const link = join(root, 'node_modules/.bin/node');
  if (existsSync(link)) return;
  const platform = `${process.platform}-${process.arch}`;
  const packaged = join(root, `node_modules/node-${platform}/bin/node`);
  const isNewEnough = Number(process.versions.node.split('.')[0]) >= 24;
  if (!existsSync(packaged) && !isNewEnough) {
    throw new SetupError(
      `Node 24 does not come from the npm registry for ${platform}: install it, then run this again.`,
    );
  }
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(existsSync(packaged) ? relative(dirname(link), packaged) : process.execPath, link);
}
