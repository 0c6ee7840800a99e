import { CourseFileError } from '../../courses/formats/contract.ts';
import { packCourse } from '../../courses/formats/pack-course.ts';
import { unpackCourse } from '../../courses/formats/unpack-course.ts';
import type { Caller } from '../platform/access/actor.ts';
import { ensureMay } from '../platform/access/decide.ts';
import type { Database } from '../platform/database/open.ts';
import { HubError } from '../platform/errors.ts';
import { receive, type Incoming } from '../platform/http/incoming.ts';
import type { AssetFiles } from './asset-files.ts';
import { circumstancesOf } from './authoring.ts';
import type { Documents } from './documents.ts';
import type { CourseWithFiles } from './library.ts';
import { findCourse } from './store/courses.ts';

interface CourseFilesParts {
  db: Database;
  documents: Documents;
  files: AssetFiles;
  bringIn(caller: Caller, course: CourseWithFiles, regionCode: string): Promise<{ id: string }>;
}

/** A course as one file, out and in. */
export function openCourseFiles({ db, documents, files, bringIn }: CourseFilesParts) {
  return {
    /** The newest version as one file. Throws `course.not-published`. */
    async exportCourse(caller: Caller, id: string): Promise<{ bytes: Buffer; key: string; version: number }> {
      const row = await findCourse(db, id);
      ensureMay(caller, 'course.edit', row && circumstancesOf(row, caller));
      if (!row) throw new HubError('not-found');
      if (row.publishedVersion === null) throw new HubError('course.not-published');
      const { document, assets, version } = await documents.read(db, id, row.publishedVersion);
      const read = async ({ name, sha256 }: { name: string; sha256: string }) =>
        [name, await files.read('courses', sha256)] as const;
      const packed = { course: document, assets: new Map(await Promise.all(assets.map(read))) };
      return { bytes: await packCourse(packed), key: document.key, version };
    },

    /** Brings a course file in as a draft of the caller's own. Throws `course-file.*` and `asset.unsupported`. */
    async importCourse(caller: Caller, file: Incoming, regionCode: string): Promise<{ id: string }> {
      ensureMay(caller, 'course.create', { regionCode });
      const course = await unpackCourse(await receive(file)).catch((error: unknown) => {
        throw error instanceof CourseFileError ? refusalOf(error) : error;
      });
      return bringIn(caller, course, regionCode);
    },
  };
}

function refusalOf({ code, path, faults, message }: CourseFileError): HubError {
  const fields = faults.map((fault) => ({ path: fault.path, rule: fault.rule, message: fault.sentence.en }));
  return new HubError(`course-file.${code}`, { message, fields, params: { path } });
}
