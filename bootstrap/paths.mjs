import { accessSync, constants, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Not import.meta.dirname: a Node too old for it must come as far as the message that says so.
export const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
export const NODE_24 = join(ROOT, 'node_modules/.bin/node');

/**
 * Where the media worker is kept: outside node_modules, so that a second checkout does not build it again.
 * server/platform/config.ts follows the same rule.
 * @param {string} version of the mediasoup package
 */
export function cachedWorkerBinary(version, env = process.env) {
  const cache = env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const platform = `${version}-${process.platform}-${process.arch}`;
  return join(cache, 'xiangbo', 'mediasoup-worker', platform, 'mediasoup-worker');
}

/** The version of an installed package. */
export function installedVersion(name, root = ROOT) {
  return JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version;
}

/** The full path of a program on the PATH, or undefined. */
export function findProgram(name, path = process.env.PATH ?? '') {
  for (const folder of path.split(delimiter)) {
    const file = join(folder || '.', name);
    if (isExecutable(file)) return file;
  }
  return undefined;
}

export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
