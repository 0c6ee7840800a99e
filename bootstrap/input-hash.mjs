import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/**
 * One hash over the names and contents of files: the same for the same tree, whatever its times and its place.
 * @param {string} root what the names are relative to
 * @param {string[]} paths files and folders under `root`; one that does not exist counts as absent
 * @param {(path: string) => boolean} [isIgnored] told each relative path, with `/` between folders
 */
export function hashInputs(root, paths, isIgnored = () => false) {
  const hash = createHash('sha256');
  for (const path of [...paths].sort()) {
    for (const file of listFiles(root, join(root, path), isIgnored)) {
      hash.update(`${name(root, file)}\0`).update(createHash('sha256').update(readFileSync(file)).digest());
    }
  }
  return hash.digest('hex');
}

function* listFiles(root, path, isIgnored) {
  if (!existsSync(path) || isIgnored(name(root, path))) return;
  if (!statSync(path).isDirectory()) {
    yield path;
    return;
  }
  for (const entry of readdirSync(path).sort()) yield* listFiles(root, join(path, entry), isIgnored);
}

function name(root, path) {
  return relative(root, path).split(sep).join('/');
}

/** Whether the stamp file holds this value. */
export function stampHolds(file, value) {
  return existsSync(file) && readFileSync(file, 'utf8') === value;
}

export function writeStamp(file, value) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, value);
}
