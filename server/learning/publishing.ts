import { createHash } from 'node:crypto';
import { assetsOf, checkCourse } from '../../courses/model/check-course.ts';
import type { CourseDocument } from '../../courses/model/course-schema.ts';
import { faultAt, type CourseFault } from '../../courses/model/faults.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Reader, Transaction } from '../platform/database/open.ts';
import type { LiveDesk, VideoDesk } from './ports.ts';
import { listCoursesByKey, updateCourse, type CourseRow } from './store/courses.ts';
import { insertVersion, type StoredAsset } from './store/versions.ts';
import { AUDIENCES, FOUR_STEPS, LEVELS } from './terms.ts';

/** A course that can be published, or why not. */
export type Publishable =
  { ok: true; document: CourseDocument; assets: StoredAsset[] } | { ok: false; faults: CourseFault[] };

export type Publishing = ReturnType<typeof openPublishing>;

/** What a version must be, and how it becomes one. */
export function openPublishing({ clock, videos, live }: { clock: Clock; videos: VideoDesk; live: LiveDesk }) {
  async function faultsAround(reader: Reader, course: CourseDocument): Promise<CourseFault[]> {
    const videoIds = course.lessons.flatMap((one) => (one.kind === 'video' ? [one.videoId] : []));
    const broadcastIds = course.lessons.flatMap((one) => (one.kind === 'live' ? [one.broadcastId] : []));
    const [shown, broadcasts, before] = await Promise.all([
      videoIds.length > 0 ? videos.videosById(videoIds) : undefined,
      broadcastIds.length > 0 ? live.broadcastsById(broadcastIds) : undefined,
      course.prerequisites.length > 0 ? listCoursesByKey(reader, course.prerequisites) : [],
    ]);
    const lessons = course.lessons.flatMap((lesson, n): CourseFault[] => {
      if (lesson.kind === 'live' && !broadcasts?.has(lesson.broadcastId))
        return [faultAt(`lessons.${n}.broadcastId`, 'broadcast-missing')];
      if (lesson.kind !== 'video') return [];
      const video = shown?.get(lesson.videoId);
      if (!video) return [faultAt(`lessons.${n}.videoId`, 'video-missing')];
      if (!video.ready) return [faultAt(`lessons.${n}.videoId`, 'video-not-ready')];
      return video.shown ? [] : [faultAt(`lessons.${n}.videoId`, 'video-not-shown')];
    });
    const known = new Set(before.map((row) => row.key ?? row.id));
    const prerequisites = course.prerequisites.flatMap((key, n) =>
      known.has(key) ? [] : [faultAt(`prerequisites.${n}`, 'course-missing')],
    );
    return [...lessons, ...prerequisites];
  }

  return {
    /** Looks at everything: the form, the catalogue's words, the files, and what it points to. */
    async examine(reader: Reader, input: unknown, brought: readonly StoredAsset[]): Promise<Publishable> {
      const checked = checkCourse(input);
      if (!checked.ok) return checked;
      const { course } = checked;
      const byName = new Map(brought.map((asset) => [asset.name, asset]));
      const wanted = assetsOf(course);
      const faults = [
        ...termFaults(course),
        ...wanted.flatMap(({ name, path }) => (byName.has(name) ? [] : [faultAt(path, 'asset-missing')])),
        ...(await faultsAround(reader, course)),
      ];
      if (faults.length > 0) return { ok: false, faults };
      return { ok: true, document: course, assets: wanted.map(({ name }) => byName.get(name)!) };
    },

    /** Adds the next version; the course's head becomes that of its newest version, and the draft is done with. */
    async addVersion(
      tx: Transaction,
      row: CourseRow,
      { document, assets }: { document: CourseDocument; assets: StoredAsset[] },
      publishedBy: string,
    ): Promise<number> {
      const version = (row.publishedVersion ?? 0) + 1;
      await insertVersion(tx, {
        ...{ courseId: row.id, version, document, assets, publishedBy },
        contentHash: contentHashOf(document, assets),
        publishedAt: instant(clock.now()),
      });
      await updateCourse(tx, row.id, {
        ...headOf(document),
        ...{ publishedVersion: version, draft: null, draftRevision: row.draftRevision + 1 },
      });
      return version;
    },
  };
}

/** What lists show of a course. */
export function headOf(document: CourseDocument) {
  const { title, summary, level, audiences, hours, fourStep = null } = document;
  return { title, summary, level, audiences, hours, fourStep };
}

/** The same for the same content, wherever it is. */
export function contentHashOf(document: CourseDocument, assets: readonly StoredAsset[]): string {
  const files = assets.map(({ name, sha256 }) => [name, sha256]).toSorted(([a], [b]) => (a! < b! ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([document, files]))
    .digest('hex');
}

function termFaults(course: CourseDocument): CourseFault[] {
  return [
    ...(LEVELS.includes(course.level) ? [] : [faultAt('level', 'not-a-choice')]),
    ...course.audiences.flatMap((audience, n) =>
      AUDIENCES.includes(audience) ? [] : [faultAt(`audiences.${n}`, 'not-a-choice')],
    ),
    ...(course.fourStep === undefined || FOUR_STEPS.includes(course.fourStep)
      ? []
      : [faultAt('fourStep', 'not-a-choice')]),
  ];
}
