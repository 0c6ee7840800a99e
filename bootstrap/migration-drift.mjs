/** Run by Node 24: whether the migrations in git are all that the schema needs. */
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NODE_24 } from './paths.mjs';
import { runCommand } from './run-command.mjs';

/**
 * Lets drizzle-kit write the next migration into a copy of the project.
 * @param {string} root
 * @returns {Promise<string[]>} one line per file it would add; none when schema and migrations agree
 * @throws when drizzle-kit fails, for instance because it would have to ask whether a column was renamed
 */
export async function findMigrationDrift(root) {
  const copy = mkdtempSync(join(tmpdir(), 'xiangbo-migrations-'));
  try {
    for (const path of ['drizzle', 'drizzle.config.ts', 'package.json']) {
      cpSync(join(root, path), join(copy, path), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    const before = new Set(listMigrations(copy));
    const kit = join(root, 'node_modules/drizzle-kit/bin.cjs');
    const said = await runCommand(NODE_24, [kit, 'generate'], { cwd: copy });
    const added = listMigrations(copy).filter((file) => !before.has(file));
    if (added.length > 0)
      return added.map((file) => `The schema needs a migration that is not in git: ${file}`);
    if (!said.includes('No schema changes')) return [`drizzle-kit wrote nothing and said:\n${said}`];
    return [];
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function listMigrations(root) {
  return readdirSync(join(root, 'drizzle/migrations'), { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.sql'));
}
