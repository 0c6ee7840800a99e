/** Run by Node 24: the import rules of .dependency-cruiser.js, applied to every source file. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { cruise } from 'dependency-cruiser';
import config from '../.dependency-cruiser.js';

const FOLDERS = ['web', 'server', 'media', 'courses', 'drizzle', 'tests', 'bootstrap'];

/**
 * @param {string} root the folder that holds web/, server/ …
 * @returns {Promise<string[]>} one line per import that breaks a rule
 */
export async function findForbiddenImports(root) {
  const { options, ...ruleSet } = config;
  const folders = FOLDERS.filter((folder) => existsSync(join(root, folder)));
  const { output } = await cruise(folders, { ...options, baseDir: root, validate: true, ruleSet });
  const broken = output.summary.violations.map(
    ({ from, to, rule, cycle }) =>
      `${rule.name}: ${from} → ${cycle?.map(({ name }) => name).join(' → ') ?? to}`,
  );
  return [...new Set([...broken, ...findForbiddenInComponents(root)])].sort();
}

/**
 * The cruiser sees components as Svelte compiles them, without their type imports. So what a component says of folders
 * beside web/ is read here: the same two rules, web-sees-contracts-only and web-imports-server-types-only.
 */
function findForbiddenInComponents(root) {
  const broken = [];
  for (const file of listComponents(root, 'web')) {
    const source = readFileSync(join(root, file), 'utf8');
    for (const [, typeOnly, specifier] of source.matchAll(
      /\bimport\s+(type\s)?[^;'"]*?from\s+['"](\.[^'"]+)['"]/g,
    )) {
      const target = posix.join(posix.dirname(file), specifier);
      if (target.startsWith('web/') || target.startsWith('courses/model/')) continue;
      const isContract = /^server\/(app|[^/]+\/messages)\.ts$/.test(target);
      if (!isContract) broken.push(`web-sees-contracts-only: ${file} → ${target}`);
      else if (!typeOnly) broken.push(`web-imports-server-types-only: ${file} → ${target}`);
    }
  }
  return broken;
}

function* listComponents(root, folder) {
  if (!existsSync(join(root, folder))) return;
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory() && entry.name !== 'node_modules') yield* listComponents(root, path);
    else if (entry.name.endsWith('.svelte')) yield path;
  }
}
