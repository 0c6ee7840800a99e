import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hashInputs, stampHolds, writeStamp } from './input-hash.mjs';
import { NODE_24, ROOT } from './paths.mjs';
import { runCommand } from './run-command.mjs';

const TYPES_OF_KIT = 'web/node_modules/$app/tsconfig.json';
const INPUTS = [
  'web/routes',
  'web/messages',
  'web/project.inlang/settings.json',
  'web/compile-messages.ts',
  'web/message-options.ts',
  'svelte.config.js',
  'vite.config.ts',
  'package-lock.json',
];

/**
 * Writes what the checks read but nobody keeps in git: SvelteKit's types of the routes, and the functions made from the
 * translated messages. A build of the web writes both by itself.
 */
export async function ensureGeneratedCode(progress) {
  const stamp = join(ROOT, '.svelte-kit/xiangbo-generated');
  const value = hashInputs(ROOT, INPUTS);
  const outputs = [TYPES_OF_KIT, 'web/lib/paraglide/messages.js'];
  if (stampHolds(stamp, value) && outputs.every((file) => existsSync(join(ROOT, file)))) return;
  await progress.step('Writing the types of routes and messages', async () => {
    await runCommand(NODE_24, ['web/compile-messages.ts'], { cwd: ROOT });
    await runCommand(NODE_24, ['node_modules/@sveltejs/kit/svelte-kit.js', 'sync'], { cwd: ROOT });
    writeStamp(stamp, value);
  });
}
