import { createHash } from 'node:crypto';
import { ZipFile } from 'yazl';
import {
  ASSETS_FOLDER,
  COURSE_FORMAT,
  COURSE_FORMAT_VERSION,
  COURSE_PATH,
  MANIFEST_PATH,
  type PackedCourse,
} from './contract.ts';

/** The same course makes the same bytes, whenever and wherever it is packed: a ZIP tells local time. */
const WRITTEN = { mtime: new Date(2020, 0, 1), mode: 0o100644, forceDosTimestamp: true };

/** Writes a course with its files into one file. */
export async function packCourse({ course, assets }: PackedCourse): Promise<Buffer> {
  const files = new Map<string, Buffer>([
    [COURSE_PATH, Buffer.from(`${JSON.stringify(course, undefined, 2)}\n`)],
    ...[...assets]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, bytes]) => [ASSETS_FOLDER + name, Buffer.from(bytes)] as const),
  ]);
  const listed = [...files].map(([path, bytes]) => ({
    path,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }));
  const manifest = { format: COURSE_FORMAT, version: COURSE_FORMAT_VERSION, files: listed };
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`), MANIFEST_PATH, WRITTEN);
  for (const [path, bytes] of files) zip.addBuffer(bytes, path, WRITTEN);
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
