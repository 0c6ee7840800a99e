import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hashInputs, stampHolds, writeStamp } from './input-hash.mjs';
import { NODE_24, ROOT } from './paths.mjs';
import { runCommand } from './run-command.mjs';

const TYPES_OF_KIT = 'web/node_modules/$app/tsconfig.json';
const MESSAGES = ['web/messages', 'web/project.inlang/settings.json'];

/**
 * Writes what the checks read but nobody keeps in git: SvelteKit's types of the routes, and the functions made from the
 * translated messages. A build of the web writes both by itself.
 */
export async function ensureGeneratedCode(progress) {
  const stamp = join(ROOT, '.svelte-kit/xiangbo-generated');
  const value = hashInputs(ROOT, [
    'web/routes',
    ...MESSAGES,
    'svelte.config.js',
    'vite.config.ts',
    'package-lock.json',
  ]);
  const outputs = [TYPES_OF_KIT, 'web/lib/paraglide/messages.js'];
  if (stampHolds(stamp, value) && outputs.every((file) => existsSync(join(ROOT, file)))) return;
  await progress.step('Writing the types of routes and messages', async () => {
    await runTool(
      '@inlang/paraglide-js/bin/run.js',
      'compile',
      '--project',
      'web/project.inlang',
      '--outdir',
      'web/lib/paraglide',
    );
    await runTool('@sveltejs/kit/svelte-kit.js', 'sync');
    writeStamp(stamp, value);
  });
}

function runTool(file, ...args) {
  return runCommand(NODE_24, [join(ROOT, 'node_modules', file), ...args], { cwd: ROOT });
}
