import type { Caller } from '../platform/access/actor.ts';
import { actorWhoMay, may } from '../platform/access/decide.ts';
import type { Database } from '../platform/database/open.ts';
import type { Documents } from './documents.ts';
import { stepsOf, type LessonStep } from './lesson-page.ts';
import { progressOf } from '../../courses/model/progress.ts';
import type { Study } from './study.ts';
import { listCoursesByKey, type CourseRow } from './store/courses.ts';
import { findStart, listCompletedKeys, listStarts, type StartRow } from './store/study.ts';
import { circumstancesOf } from './authoring.ts';

const SHOWN = 30;

/** A course that a learner has begun. */
export interface MyCourse {
  courseId: string;
  title: string;
  version: number;
  startedAt: string;
  completedAt: string | null;
  done: number;
  total: number;
  percent: number;
  /** Where they go on: the lesson they were in, else the next one. Null when all is done. */
  next: { key: string; title: string; kind: LessonStep['kind']; dueAt: string | null } | null;
}

/** What a course's page shows beside its head. */
export interface CourseDetails {
  publishedVersion: number | null;
  archived: boolean;
  coverAddress: string | null;
  order: 'sequence' | 'free' | null;
  /** Of the version the caller is in, else of the newest. */
  lessons: LessonStep[];
  prerequisites: { key: string; title: string; courseId: string | null; completed: boolean }[];
  mine: MyCourse | null;
  may: { edit: boolean; adopt: boolean };
}

/** A learner's own view of courses. */
export function openMyCourses({
  db,
  documents,
  study,
}: {
  db: Database;
  documents: Documents;
  study: Study;
}) {
  async function mineOf(start: StartRow): Promise<{ mine: MyCourse; steps: LessonStep[] }> {
    const published = await documents.read(db, start.courseId, start.version);
    const progress = await study.readProgress(db, start, published);
    const steps = stepsOf(published.document.lessons, progress.lessons);
    const goOn =
      steps.find(
        (step) => step.key === start.lastLessonKey && step.state !== 'done' && step.state !== 'locked',
      ) ?? steps.find((step) => step.key === progress.next);
    const { done, total, percent } = progress;
    const { courseId, version, startedAt, completedAt } = start;
    return {
      steps,
      mine: {
        ...{
          courseId,
          title: published.document.title,
          version,
          startedAt,
          completedAt,
          done,
          total,
          percent,
        },
        next: goOn ? { key: goOn.key, title: goOn.title, kind: goOn.kind, dueAt: goOn.dueAt } : null,
      },
    };
  }

  return {
    /** What the caller has begun, the latest visited first. */
    async listMyCourses(caller: Caller): Promise<MyCourse[]> {
      const { personId } = actorWhoMay(caller, 'learning.own');
      const starts = await listStarts(db, personId, SHOWN);
      return Promise.all(starts.map(async (start) => (await mineOf(start)).mine));
    },

    async detailsOf(row: CourseRow, caller: Caller): Promise<CourseDetails> {
      const start = caller && !caller.token ? await findStart(db, row.id, caller.personId) : undefined;
      const version = start?.version ?? row.publishedVersion;
      const bare = {
        publishedVersion: row.publishedVersion,
        archived: row.archivedAt !== null,
        may: {
          edit: may(caller, 'course.edit', circumstancesOf(row, caller)),
          adopt: row.publishedVersion !== null && row.archivedAt === null && may(caller, 'course.create'),
        },
      };
      if (version === null)
        return { ...bare, coverAddress: null, order: null, lessons: [], prerequisites: [], mine: null };
      const { document, addresses } = await documents.read(db, row.id, version);
      const own = start ? await mineOf(start) : undefined;
      const [copies, completed] = await Promise.all([
        document.prerequisites.length > 0 ? listCoursesByKey(db, document.prerequisites) : [],
        listCompletedKeys(db, caller?.personId ?? '', document.prerequisites),
      ]);
      return {
        ...bare,
        coverAddress: document.cover === undefined ? null : addresses[document.cover]!,
        order: document.order,
        // To whoever has not begun nothing is locked yet: the whole way is shown.
        lessons:
          own?.steps ??
          stepsOf(document.lessons, progressOf({ ...document, order: 'free' }, {}, 0).lessons).map(
            (step) => ({
              ...step,
              dueAt: null,
            }),
          ),
        prerequisites: document.prerequisites.map((key) => {
          const copy = copies.find((one) => (one.key ?? one.id) === key && one.archivedAt === null);
          return {
            key,
            title: copy?.title ?? key,
            courseId: copy?.id ?? null,
            completed: completed.has(key),
          };
        }),
        mine: own?.mine ?? null,
      };
    },
  };
}
