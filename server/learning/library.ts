import { readShippedCourses } from '../../courses/content/index.ts';
import type { CourseDocument } from '../../courses/model/course-schema.ts';
import type { Caller } from '../platform/access/actor.ts';
import { actorWhoMay } from '../platform/access/decide.ts';
import { audit } from '../platform/audit.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Database, Transaction } from '../platform/database/open.ts';
import { HubError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Regions } from '../regions/service.ts';
import { checkAssetFile, type AssetFiles } from './asset-files.ts';
import { circumstancesOf, refusalOf } from './authoring.ts';
import type { Documents, PublishedVersion } from './documents.ts';
import { contentHashOf, headOf, type Publishing } from './publishing.ts';
import { findCourse, findCourseByKey, insertCourse, updateCourse, type CourseRow } from './store/courses.ts';
import { putDraftAsset, type StoredAsset } from './store/versions.ts';

/** The account that answers for the courses that come with the hub: nobody signs in as it. */
export const SHIPPED_OWNER = 'hub';

/** The prefecture they are written for: its goods, its dialect of rice. Any other adopts them from there. */
const LIBRARY_REGION = '533100';

/** A course with its files by name, as it ships or comes out of a file. */
export interface CourseWithFiles {
  course: CourseDocument;
  assets: ReadonlyMap<string, Uint8Array>;
}

interface LibraryParts {
  db: Database;
  clock: Clock;
  regions: Regions;
  documents: Documents;
  files: AssetFiles;
  publishing: Publishing;
}

/** How courses come to a region: shipped with the hub, adopted from another region, brought in from a file. */
export function openLibrary({ db, clock, regions, documents, files, publishing }: LibraryParts) {
  function newRow(document: CourseDocument, of: Pick<CourseRow, 'regionCode' | 'ownerAccountId'>): CourseRow {
    return {
      ...{ id: newId<'course'>(), key: document.key, ...headOf(document), ...of },
      createdAt: instant(clock.now()),
      ...{ draft: null, draftRevision: 0, publishedVersion: null, archivedAt: null },
      ...{ adoptedFromId: null, adoptedVersion: null },
    };
  }

  /** Checks and keeps every file. Throws `asset.unsupported`. */
  async function keepAll(brought: CourseWithFiles['assets']): Promise<StoredAsset[]> {
    const assets: StoredAsset[] = [];
    for (const [name, bytes] of brought) {
      const file = checkAssetFile(name, Buffer.from(bytes));
      await files.keep('courses', file);
      const { sha256, mediaType } = file;
      assets.push({ name, sha256, mediaType, byteLength: file.bytes.length });
    }
    return assets;
  }

  /** The source's content as the next version of its copy, whose author finds its files beside the draft. */
  async function takeOver(
    tx: Transaction,
    row: CourseRow,
    source: PublishedVersion,
    by: string,
  ): Promise<number> {
    for (const asset of source.assets) await putDraftAsset(tx, row.id, asset);
    const { document, assets } = source;
    const version = await publishing.addVersion(tx, row, { document, assets: [...assets] }, by);
    await updateCourse(tx, row.id, { adoptedFromId: source.courseId, adoptedVersion: source.version });
    return version;
  }

  const library = {
    /**
     * Publishes a course that comes with the hub, once: the same content again changes nothing, another content is its
     * next version. Throws `input.invalid` when it is not one that can be published.
     */
    async ship({ course, assets: brought }: CourseWithFiles, regionCode: string): Promise<void> {
      const assets = await keepAll(brought);
      await db.transaction(async (tx) => {
        const examined = await publishing.examine(tx, course, assets);
        if (!examined.ok) throw refusalOf(examined.faults);
        const of = { regionCode, ownerAccountId: SHIPPED_OWNER };
        let row = await findCourseByKey(tx, { ...of, key: examined.document.key });
        if (row?.publishedVersion != null) {
          const newest = await documents.read(tx, row.id, row.publishedVersion);
          if (newest.contentHash === contentHashOf(examined.document, examined.assets)) return;
        }
        if (!row) {
          row = newRow(examined.document, of);
          await insertCourse(tx, row);
        }
        for (const asset of examined.assets) await putDraftAsset(tx, row.id, asset);
        await publishing.addVersion(tx, row, examined, SHIPPED_OWNER);
      });
    },

    /**
     * Makes a published course a region's own: its copy remembers where it is from. Throws `course.adopted` when the
     * caller has adopted it for this region before.
     */
    async adopt(caller: Caller, id: string, regionCode: string): Promise<{ id: string }> {
      const actor = actorWhoMay(caller, 'course.create', { regionCode });
      await regions.requireRegion(regionCode);
      return db.transaction(async (tx) => {
        const source = await findCourse(tx, id);
        if (!source) throw new HubError('not-found');
        if (source.publishedVersion === null || source.archivedAt !== null)
          throw new HubError('course.not-published');
        const of = { regionCode, ownerAccountId: actor.accountId };
        const published = await documents.read(tx, id, source.publishedVersion);
        if (await findCourseByKey(tx, { ...of, key: published.document.key }))
          throw new HubError('course.adopted');
        const row = newRow(published.document, of);
        await insertCourse(tx, row);
        await takeOver(tx, row, published, actor.accountId);
        await audit(tx, clock, {
          ...{ actorAccountId: actor.accountId, action: 'course.adopt', objectKind: 'course' },
          ...{ objectId: row.id, regionCode, detail: { from: id, version: source.publishedVersion } },
        });
        return { id: row.id };
      });
    },

    /** Takes the source's newest version as the copy's next one. Throws `course.newest` when there is none newer. */
    async updateAdopted(caller: Caller, id: string): Promise<{ version: number }> {
      return db.transaction(async (tx) => {
        const row = await findCourse(tx, id);
        const actor = actorWhoMay(caller, 'course.edit', row && circumstancesOf(row, caller));
        if (!row) throw new HubError('not-found');
        const source = row.adoptedFromId === null ? undefined : await findCourse(tx, row.adoptedFromId);
        const newest = source?.publishedVersion ?? 0;
        if (!source || newest <= (row.adoptedVersion ?? 0)) throw new HubError('course.newest');
        const version = await takeOver(tx, row, await documents.read(tx, source.id, newest), actor.accountId);
        await audit(tx, clock, {
          ...{ actorAccountId: actor.accountId, action: 'course.update-adopted', objectKind: 'course' },
          ...{ objectId: id, regionCode: row.regionCode, detail: { from: source.id, version: newest } },
        });
        return { version };
      });
    },

    /** Brings a course in as a draft of the caller's own, files and all. Publishing is theirs. Throws `asset.unsupported`. */
    async bringIn(
      caller: Caller,
      { course, assets: brought }: CourseWithFiles,
      regionCode: string,
    ): Promise<{ id: string }> {
      const actor = actorWhoMay(caller, 'course.create', { regionCode });
      await regions.requireRegion(regionCode);
      const assets = await keepAll(brought);
      return db.transaction(async (tx) => {
        const of = { regionCode, ownerAccountId: actor.accountId };
        const row = { ...newRow(course, of), draft: course, draftRevision: 1 };
        await insertCourse(tx, row);
        for (const asset of assets) await putDraftAsset(tx, row.id, asset);
        await audit(tx, clock, {
          ...{ actorAccountId: actor.accountId, action: 'course.import', objectKind: 'course' },
          ...{ objectId: row.id, regionCode },
        });
        return { id: row.id };
      });
    },
  };

  return {
    ...library,

    /** Publishes what comes with the hub, or what has changed of it since the last start. */
    async shipCourses(): Promise<void> {
      for (const course of readShippedCourses()) await library.ship(course, LIBRARY_REGION);
    },
  };
}
