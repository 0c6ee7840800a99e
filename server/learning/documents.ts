import type { CourseDocument, Lesson } from '../../courses/model/course-schema.ts';
import type { Reader } from '../platform/database/open.ts';
import { HubError } from '../platform/errors.ts';
import { findVersion, type StoredAsset } from './store/versions.ts';

/** A published version: never changes, so it is kept at hand. */
export interface PublishedVersion {
  courseId: string;
  version: number;
  document: CourseDocument;
  /** Where browsers fetch each of its files, by name. */
  addresses: Readonly<Record<string, string>>;
  assets: readonly StoredAsset[];
  contentHash: string;
  publishedAt: string;
}

export type Documents = ReturnType<typeof openDocuments>;

const KEPT = 100;

/** Published versions by course and number. */
export function openDocuments() {
  const kept = new Map<string, PublishedVersion>();
  return {
    /** Throws `not-found`. */
    async read(db: Reader, courseId: string, version: number): Promise<PublishedVersion> {
      const at = `${courseId}/${version}`;
      const known = kept.get(at);
      if (known) return known;
      const row = await findVersion(db, courseId, version);
      if (!row) throw new HubError('not-found');
      const published = {
        ...row,
        // Checked when it was published.
        document: row.document as CourseDocument,
        addresses: addressesOf(row.assets),
      };
      if (kept.size >= KEPT) kept.delete(kept.keys().next().value!);
      kept.set(at, published);
      return published;
    },
  };
}

/** The address tells the type, the hash tells the content: it never changes under its name. */
export function addressesOf(assets: readonly StoredAsset[]): Record<string, string> {
  return Object.fromEntries(
    assets.map(({ name, sha256 }) => [
      name,
      `/api/course-files/${sha256}.${name.slice(name.lastIndexOf('.') + 1)}`,
    ]),
  );
}

/** Throws `not-found`. */
export function lessonOf(document: CourseDocument, key: string): Lesson {
  const lesson = document.lessons.find((one) => one.key === key);
  if (!lesson) throw new HubError('not-found', { message: `The course has no lesson ${key}` });
  return lesson;
}
