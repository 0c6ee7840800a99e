import { createHash } from 'node:crypto';
import { assetsOf, checkCourse } from '../model/check-course.ts';
import {
  ASSETS_FOLDER,
  COURSE_FORMAT_VERSION,
  COURSE_PATH,
  CourseFileError,
  MANIFEST_PATH,
  manifest,
  type PackedCourse,
} from './contract.ts';
import { readZip } from './read-zip.ts';

/**
 * Reads a course file back, and trusts nothing in it: what the manifest lists and nothing else must be there, byte for
 * byte, and be a course with exactly its files. Throws {@link CourseFileError}.
 */
export async function unpackCourse(bytes: Buffer): Promise<PackedCourse> {
  const files = await readZip(bytes);
  ensureAsListed(files);
  const checked = checkCourse(readJson(files, COURSE_PATH));
  if (!checked.ok) throw new CourseFileError('invalid', { path: COURSE_PATH, faults: checked.faults });
  const { course } = checked;
  const assets = new Map<string, Buffer>();
  for (const { name } of assetsOf(course)) {
    const asset = files.get(ASSETS_FOLDER + name);
    if (!asset) throw new CourseFileError('altered', { path: ASSETS_FOLDER + name });
    assets.set(name, asset);
  }
  const known = new Set([
    COURSE_PATH,
    MANIFEST_PATH,
    ...[...assets.keys()].map((name) => ASSETS_FOLDER + name),
  ]);
  const stray = [...files.keys()].find((path) => !known.has(path));
  if (stray !== undefined) throw new CourseFileError('altered', { path: stray });
  return { course, assets };
}

function ensureAsListed(files: ReadonlyMap<string, Buffer>): void {
  const parsed = manifest.safeParse(readJson(files, MANIFEST_PATH));
  if (!parsed.success) throw new CourseFileError('damaged', { path: MANIFEST_PATH });
  if (parsed.data.version > COURSE_FORMAT_VERSION) throw new CourseFileError('newer');
  const listed = new Set([MANIFEST_PATH]);
  for (const { path, bytes, sha256 } of parsed.data.files) {
    const found = files.get(path);
    const same = found?.length === bytes && createHash('sha256').update(found).digest('hex') === sha256;
    if (!same || listed.has(path)) throw new CourseFileError('altered', { path });
    listed.add(path);
  }
  const added = [...files.keys()].find((path) => !listed.has(path));
  if (added !== undefined) throw new CourseFileError('altered', { path: added });
}

function readJson(files: ReadonlyMap<string, Buffer>, path: string): unknown {
  try {
    const found = files.get(path);
    if (!found) throw new Error(`There is no ${path}`);
    return JSON.parse(found.toString('utf8'));
  } catch (error) {
    throw new CourseFileError('damaged', { path, cause: error });
  }
}
