import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { hashInputs, stampHolds, writeStamp } from './input-hash.mjs';
import { NODE_24, ROOT } from './paths.mjs';
import { runCommand } from './run-command.mjs';

const CONFIGURATION = ['svelte.config.js', 'vite.config.ts', 'tsconfig.json', 'package-lock.json'];
const INPUTS = ['web', 'courses/model', ...CONFIGURATION];
/** Written by the build itself, or of no consequence to it. */
const GENERATED =
  /^web\/(lib\/paraglide|node_modules|project\.inlang\/(cache|README\.md|\.gitignore|\.meta\.json))(\/|$)/;

/** The hash of everything the web's build reads. */
export function hashWebInputs(root = ROOT) {
  return hashInputs(root, INPUTS, (path) => GENERATED.test(path));
}

/** Builds the web into build/ when what it is made from changed since the last build. */
export async function ensureWebBuild(progress) {
  const out = join(ROOT, 'build');
  const stamp = join(out, '.xiangbo-inputs');
  const inputs = hashWebInputs();
  if (stampHolds(stamp, inputs) && existsSync(join(out, 'handler.js'))) return;
  await progress.step('Building the web', async (detail) => {
    rmSync(stamp, { force: true });
    await runCommand(NODE_24, [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build'], {
      cwd: ROOT,
      env: { ...process.env, NODE_ENV: 'production' },
      onLine: (line) => detail(summarise(line)),
    });
    writeStamp(stamp, inputs);
  });
}

/** vite colours its lines and lists every file; the end of the line says enough. */
function summarise(line) {
  return stripVTControlCharacters(line).trim().slice(0, 60);
}
