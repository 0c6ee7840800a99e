import type { Caller } from '../platform/access/actor.ts';
import { actorWhoMay } from '../platform/access/decide.ts';
import { audit } from '../platform/audit.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Database, Reader } from '../platform/database/open.ts';
import { HubError } from '../platform/errors.ts';
import { receive, type Incoming } from '../platform/http/incoming.ts';
import { assetName } from '../../courses/model/question-schema.ts';
import type { CourseFault } from '../../courses/model/faults.ts';
import { checkAssetFile, type AssetFiles } from './asset-files.ts';
import { addressesOf, type Documents } from './documents.ts';
import type { Publishing } from './publishing.ts';
import { findCourse, updateCourse, type CourseRow } from './store/courses.ts';
import { countUnderWay } from './store/study.ts';
import { deleteDraftAsset, listDraftAssets, listVersions, putDraftAsset } from './store/versions.ts';

/** More than the longest course is; the door takes no more than a megabyte. */
const MAX_DRAFT_CHARACTERS = 900_000;
const MOST_ASSETS = 400;

/** What an author works on. */
export interface Draft {
  courseId: string;
  /** To be named with the next change: a second author's change is not overwritten. */
  revision: number;
  /** As it was saved, complete or not. */
  document: Record<string, unknown>;
  /** What keeps it from being published. */
  faults: CourseFault[];
  assets: { name: string; address: string; mediaType: string; byteLength: number }[];
  publishedVersion: number | null;
  /** Nothing was changed since the newest version. */
  unchanged: boolean;
  archived: boolean;
  /** Learners who have begun and not completed a version. */
  underWay: number;
  versions: { version: number; publishedAt: string }[];
  adopted: { courseId: string; version: number; newest: number | null } | null;
}

interface AuthoringParts {
  db: Database;
  clock: Clock;
  documents: Documents;
  files: AssetFiles;
  publishing: Publishing;
}

/** Writing a course: a draft that may be half done, and versions that never change. */
export function openAuthoring({ db, clock, documents, files, publishing }: AuthoringParts) {
  /** The course, for whoever may write it; and who that is. */
  async function written(caller: Caller, id: string, reader: Reader = db) {
    const row = await findCourse(reader, id);
    const actor = actorWhoMay(caller, 'course.edit', row && circumstancesOf(row, caller));
    if (!row) throw new HubError('not-found');
    return { row, actor };
  }

  async function manuscriptOf(row: CourseRow, reader: Reader): Promise<Record<string, unknown>> {
    if (row.draft) return row.draft;
    if (row.publishedVersion !== null)
      return { ...(await documents.read(reader, row.id, row.publishedVersion)).document };
    const { title, summary, level, audiences, hours, fourStep } = row;
    return {
      ...{ key: row.key ?? row.id, title, summary, level, audiences, hours },
      ...(fourStep === null ? {} : { fourStep }),
      ...{ order: 'sequence', prerequisites: [], lessons: [] },
    };
  }

  async function draftOf(row: CourseRow): Promise<Draft> {
    const [document, assets, versions, underWay, source] = await Promise.all([
      manuscriptOf(row, db),
      listDraftAssets(db, row.id),
      listVersions(db, row.id),
      countUnderWay(db, row.id),
      row.adoptedFromId === null ? undefined : findCourse(db, row.adoptedFromId),
    ]);
    const examined = await publishing.examine(db, document, assets);
    const addresses = addressesOf(assets);
    return {
      courseId: row.id,
      revision: row.draftRevision,
      document,
      faults: examined.ok ? [] : examined.faults,
      assets: assets.map(({ name, mediaType, byteLength }) => ({
        ...{ name, mediaType, byteLength },
        address: addresses[name]!,
      })),
      publishedVersion: row.publishedVersion,
      unchanged: row.draft === null && row.publishedVersion !== null,
      archived: row.archivedAt !== null,
      underWay,
      versions: versions.map(({ version, publishedAt }) => ({ version, publishedAt })),
      adopted:
        row.adoptedFromId === null || row.adoptedVersion === null
          ? null
          : {
              courseId: row.adoptedFromId,
              version: row.adoptedVersion,
              newest: source?.publishedVersion ?? null,
            },
    };
  }

  return {
    async readDraft(caller: Caller, id: string): Promise<Draft> {
      return draftOf((await written(caller, id)).row);
    },

    /** Keeps the whole draft, complete or not. Throws `conflict` when it was changed since `revision`. */
    async saveDraft(
      caller: Caller,
      id: string,
      { revision, document }: { revision: number; document: Record<string, unknown> },
    ): Promise<Draft> {
      if (JSON.stringify(document).length > MAX_DRAFT_CHARACTERS) throw new HubError('input.too-large');
      const row = await db.transaction(async (tx) => {
        const { row } = await written(caller, id, tx);
        if (row.draftRevision !== revision) throw new HubError('conflict');
        // Whose copy it is does not change with what is written.
        const draft = { ...document, key: row.key ?? row.id };
        const changes = { draft, draftRevision: revision + 1 };
        await updateCourse(tx, id, changes);
        return { ...row, ...changes };
      });
      return draftOf(row);
    },

    /** Throws what was written since the newest version away. */
    async discardDraft(caller: Caller, id: string): Promise<Draft> {
      const { row } = await written(caller, id);
      const changes = { draft: null, draftRevision: row.draftRevision + 1 };
      await updateCourse(db, id, changes);
      return draftOf({ ...row, ...changes });
    },

    /** Brings a picture or file in. Throws `asset.unsupported`. */
    async putAsset(
      caller: Caller,
      id: string,
      name: string,
      incoming: Incoming,
    ): Promise<{ name: string; address: string }> {
      await written(caller, id);
      if (!assetName.safeParse(name).success) throw new HubError('asset.unsupported', { params: { name } });
      const before = await listDraftAssets(db, id);
      if (before.length >= MOST_ASSETS && !before.some((asset) => asset.name === name))
        throw new HubError('input.too-large', { message: `A course has ${MOST_ASSETS} files at most` });
      const file = checkAssetFile(name, await receive(incoming));
      await files.keep('courses', file);
      const { sha256, mediaType } = file;
      const asset = { name, sha256, mediaType, byteLength: file.bytes.length };
      await putDraftAsset(db, id, asset);
      return { name, address: addressesOf([asset])[name]! };
    },

    async removeAsset(caller: Caller, id: string, name: string): Promise<void> {
      await written(caller, id);
      await deleteDraftAsset(db, id, name);
    },

    /** Makes the draft the next version. Throws `conflict`, and `input.invalid` with everything that is wrong with it. */
    async publish(caller: Caller, id: string, revision: number): Promise<Draft> {
      const row = await db.transaction(async (tx) => {
        const { row, actor } = await written(caller, id, tx);
        if (row.draftRevision !== revision) throw new HubError('conflict');
        const examined = await publishing.examine(
          tx,
          await manuscriptOf(row, tx),
          await listDraftAssets(tx, id),
        );
        if (!examined.ok) throw refusalOf(examined.faults);
        const version = await publishing.addVersion(tx, row, examined, actor.accountId);
        await audit(tx, clock, {
          ...{
            actorAccountId: actor.accountId,
            action: 'course.publish',
            objectKind: 'course',
            objectId: id,
          },
          ...{ regionCode: row.regionCode, detail: { version } },
        });
        return (await findCourse(tx, id))!;
      });
      return draftOf(row);
    },

    /** Takes the course out of the list, or puts it back. Who has begun it goes on. */
    async setArchived(caller: Caller, id: string, archived: boolean): Promise<Draft> {
      const row = await db.transaction(async (tx) => {
        const { row, actor } = await written(caller, id, tx);
        const archivedAt = archived ? (row.archivedAt ?? instant(clock.now())) : null;
        await updateCourse(tx, id, { archivedAt });
        await audit(tx, clock, {
          ...{ actorAccountId: actor.accountId, objectKind: 'course', objectId: id },
          ...{ action: archived ? 'course.archive' : 'course.restore', regionCode: row.regionCode },
        });
        return { ...row, archivedAt };
      });
      return draftOf(row);
    },

    /** A file of a course. Whoever knows the hash of its bytes has had them. */
    openFile: (sha256: string) => files.read('courses', sha256),
  };
}

export function circumstancesOf(row: CourseRow, caller: Caller) {
  return { regionCode: row.regionCode, owner: caller?.accountId === row.ownerAccountId };
}

export function refusalOf(faults: readonly CourseFault[]): HubError {
  return new HubError('input.invalid', {
    message: faults.map(({ path, sentence }) => `${path}: ${sentence.en}`).join('; '),
    fields: faults.map(({ path, rule, sentence }) => ({ path, rule, message: sentence.en })),
  });
}
