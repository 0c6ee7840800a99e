import type { Caller } from '../platform/access/actor.ts';
import { actorWhoMay, ensureMay } from '../platform/access/decide.ts';
import { audit } from '../platform/audit.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Database, Reader } from '../platform/database/open.ts';
import { HubError } from '../platform/errors.ts';
import { pageOf, type Page } from '../platform/http/paging.ts';
import { newId } from '../platform/ids.ts';
import type { Regions } from '../regions/service.ts';
import { openAssetFiles } from './asset-files.ts';
import { openAuthoring } from './authoring.ts';
import { openCourseFiles } from './course-files.ts';
import { openDocuments } from './documents.ts';
import { openLessonPages } from './lesson-page.ts';
import { openLibrary } from './library.ts';
import { openMyCourses, type CourseDetails } from './my-courses.ts';
import type { LiveDesk, PeopleDesk, VideoDesk } from './ports.ts';
import { openPublishing } from './publishing.ts';
import { openQuizzes } from './quizzes.ts';
import { openStudy } from './study.ts';
import { openTasks } from './tasks.ts';
import {
  countCourseRows,
  findCourse,
  insertCourse,
  listCourseRows,
  listCoursesById,
  type CourseFilter,
  type CourseRow,
} from './store/courses.ts';

export type { CourseCompleted } from './study.ts';
export { AUDIENCES, FORMS, LEVELS, PROFESSIONAL_LEVEL, UPGRADE_LEVEL } from './terms.ts';

const PAGE_SIZE = 20;

/** A course as everyone sees it. `hours` are class hours (学时). */
export interface Course {
  id: string;
  /** The same in every copy of the course. */
  key: string;
  title: string;
  summary: string;
  level: string;
  audiences: string[];
  fourStep: string | null;
  hours: number;
  regionCode: string;
  regionName: string;
  createdAt: string;
  /** The newest version that can be learnt online; null: it is taught in classes only. */
  publishedVersion: number | null;
}

/** What a trainer says of a new course. */
export interface NewCourse {
  title: string;
  summary: string;
  level: string;
  audiences: string[];
  fourStep?: string;
  hours: number;
  regionCode: string;
}

export type Learning = ReturnType<typeof openLearning>;

interface LearningParts {
  db: Database;
  clock: Clock;
  regions: Regions;
  people: PeopleDesk;
  videos: VideoDesk;
  live: LiveDesk;
  /** Where the files of courses are kept. */
  storageDir: string;
}

/** Courses: what is taught, and how each learner gets on. When and to whom it is taught in classes is training's. */
export function openLearning(parts: LearningParts) {
  const { db, clock, regions } = parts;
  const documents = openDocuments();
  const files = openAssetFiles(parts.storageDir);
  const publishing = openPublishing(parts);
  const library = openLibrary({ ...parts, documents, files, publishing });
  const study = openStudy({ ...parts, documents });
  const quizzes = openQuizzes({ clock, study });
  const tasks = openTasks({ ...parts, documents, files, study });
  const myCourses = openMyCourses({ db, documents, study });
  const { startCourse, markRead, reportSeen } = study;
  const { beginAttempt, keepAnswers, handInQuiz, answerCourseSurvey } = quizzes;
  const { keepPhoto, submitTask, openPhoto, listGrading, listGradedByMe, gradeSubmission } = tasks;

  async function withRegions(rows: CourseRow[]): Promise<Course[]> {
    const places = await regions.regionsOf(rows.map((row) => row.regionCode));
    return rows.map((row) => {
      const { id, title, summary, level, audiences, fourStep, hours, regionCode, createdAt } = row;
      return {
        ...{
          id,
          key: row.key ?? id,
          title,
          summary,
          level,
          audiences,
          fourStep,
          hours,
          regionCode,
          createdAt,
        },
        regionName: places.get(regionCode)!.name,
        publishedVersion: row.publishedVersion,
      };
    });
  }

  async function withRegion(row: CourseRow): Promise<Course> {
    const [course] = await withRegions([row]);
    return course!;
  }

  return {
    ...openAuthoring({ ...parts, documents, files, publishing }),
    ...library,
    ...openCourseFiles({ db, documents, files, bringIn: library.bringIn }),
    ...openLessonPages({ ...parts, study, quizzes, tasks }),
    ...{ startCourse, markRead, reportSeen },
    ...{ beginAttempt, keepAnswers, handInQuiz, answerCourseSurvey },
    ...{ keepPhoto, submitTask, openPhoto, listGrading, listGradedByMe, gradeSubmission },
    listMyCourses: myCourses.listMyCourses,

    /** Adds a course to the public list. The region must lie in the trainer's own. */
    async createCourse(caller: Caller, input: NewCourse): Promise<Course> {
      const actor = actorWhoMay(caller, 'course.create', { regionCode: input.regionCode });
      await regions.requireRegion(input.regionCode);
      const row: CourseRow = {
        ...input,
        id: newId<'course'>(),
        fourStep: input.fourStep ?? null,
        ownerAccountId: actor.accountId,
        createdAt: instant(clock.now()),
        ...{ key: null, draft: null, draftRevision: 0, publishedVersion: null },
        ...{ archivedAt: null, adoptedFromId: null, adoptedVersion: null },
      };
      await db.transaction(async (tx) => {
        await insertCourse(tx, row);
        await audit(tx, clock, {
          actorAccountId: actor.accountId,
          action: 'course.create',
          objectKind: 'course',
          objectId: row.id,
          regionCode: row.regionCode,
        });
      });
      return withRegion(row);
    },

    /** The newest courses first, narrowed by words, level or to the caller's own. */
    async listCourses(
      caller: Caller,
      filter: { text?: string; level?: string; mine?: boolean; page: number },
    ): Promise<Page<Course>> {
      ensureMay(caller, 'course.read');
      if (filter.mine && !caller) throw new HubError('auth.required');
      const narrowed: CourseFilter = {
        text: filter.text,
        level: filter.level,
        ownerAccountId: filter.mine ? caller?.accountId : undefined,
      };
      const [rows, total] = await Promise.all([
        listCourseRows(db, narrowed, { limit: PAGE_SIZE, offset: (filter.page - 1) * PAGE_SIZE }),
        countCourseRows(db, narrowed),
      ]);
      return pageOf(await withRegions(rows), filter.page, PAGE_SIZE, total);
    },

    /** One course, its lessons and where the caller stands in it. Throws `not-found`. */
    async readCourse(caller: Caller, id: string): Promise<Course & CourseDetails> {
      ensureMay(caller, 'course.read');
      const row = await findCourse(db, id);
      if (!row) throw new HubError('not-found');
      return { ...(await withRegion(row)), ...(await myCourses.detailsOf(row, caller)) };
    },

    /** For the rooms above: the titles of courses by id, in the reader's transaction where one is open. */
    async courseTitles(ids: Iterable<string>, reader: Reader = db): Promise<Map<string, string>> {
      const rows = await listCoursesById(reader, [...new Set(ids)]);
      return new Map(rows.map((row) => [row.id, row.title]));
    },
  };
}
