import type { LessonOf } from '../../courses/model/course-schema.ts';
import { regionCovers, type Caller } from '../platform/access/actor.ts';
import { actorWhoMay, ensureMay, prefixesWhereMay } from '../platform/access/decide.ts';
import { audit } from '../platform/audit.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Database, Reader } from '../platform/database/open.ts';
import { fieldError, HubError } from '../platform/errors.ts';
import { receive, type Incoming } from '../platform/http/incoming.ts';
import { pageOf, type Page } from '../platform/http/paging.ts';
import { newId } from '../platform/ids.ts';
import { acceptPicture } from '../platform/pictures/accept-picture.ts';
import type { AssetFiles } from './asset-files.ts';
import { lessonOf, type Documents } from './documents.ts';
import type { PeopleDesk } from './ports.ts';
import type { Standing, Study } from './study.ts';
import { findCourse } from './store/courses.ts';
import { findLesson, findStartById, updateLesson } from './store/study.ts';
import {
  countWaiting,
  findSubmission,
  insertSubmission,
  listGraded,
  listSubmissions,
  listWaiting,
  updateSubmission,
  type StoredPhoto,
  type SubmissionRow,
} from './store/work.ts';

const MOST_PHOTOS = 9;
const PAGE_SIZE = 20;

/** Work as its learner sees it. */
export interface SubmissionView {
  id: string;
  ordinal: number;
  note: string;
  link: string | null;
  /** Addresses. */
  photos: string[];
  handedInAt: string;
  verdict: 'accepted' | 'returned' | null;
  comment: string | null;
  points: Record<string, number> | null;
  gradedAt: string | null;
}

/** Work as its grader sees it. */
export interface GradingView extends SubmissionView {
  courseId: string;
  courseTitle: string;
  lessonTitle: string;
  criteria: LessonOf<'task'>['criteria'];
  brief: string;
  /** Masked. */
  learner: string;
}

export interface Grade {
  verdict: 'accepted' | 'returned';
  comment: string;
  points: Record<string, number>;
}

interface TasksParts {
  db: Database;
  clock: Clock;
  documents: Documents;
  files: AssetFiles;
  people: PeopleDesk;
  study: Study;
}

export type Tasks = ReturnType<typeof openTasks>;

/** Practical tasks: handed in by learners, graded by the trainers of their region. */
export function openTasks({ db, clock, documents, files, people, study }: TasksParts) {
  function taskIn({ lesson }: Standing): LessonOf<'task'> {
    if (lesson.kind !== 'task') throw new HubError('lesson.not-possible', { message: 'It is no task' });
    return lesson;
  }

  /** A county's own course is graded there; a prefecture's, where the learner lives. */
  async function regionOfGrading(courseId: string, personId: string, reader: Reader): Promise<string> {
    const course = await findCourse(reader, courseId);
    if (!course) throw new HubError('not-found');
    const home = (await people.describePersons([personId], reader)).get(personId)?.homeRegionCode;
    return home && regionCovers(course.regionCode, home) ? home : course.regionCode;
  }

  async function gradingViews(rows: SubmissionRow[]): Promise<GradingView[]> {
    const names = await people.describePersons(rows.map((row) => row.personId));
    return Promise.all(
      rows.map(async (row) => {
        const start = (await findStartById(db, row.startId))!;
        const { document } = await documents.read(db, row.courseId, start.version);
        const task = lessonOf(document, row.lessonKey) as LessonOf<'task'>;
        return {
          ...submissionView(row),
          courseId: row.courseId,
          courseTitle: document.title,
          lessonTitle: task.title,
          criteria: task.criteria,
          brief: task.brief,
          learner: names.get(row.personId)?.displayName ?? '***',
        };
      }),
    );
  }

  /** Throws `not-found`. */
  async function requireSubmission(id: string, reader: Reader = db): Promise<SubmissionRow> {
    const row = await findSubmission(reader, id);
    if (!row) throw new HubError('not-found');
    return row;
  }

  return {
    async submissionsOf(reader: Reader, at: Standing): Promise<SubmissionView[]> {
      return (await listSubmissions(reader, at.start.id, at.lesson.key)).map(submissionView);
    },

    /** Takes a photo for a task, to be named when the work is handed in. */
    async keepPhoto(caller: Caller, courseId: string, key: string, photo: Incoming): Promise<StoredPhoto> {
      taskIn(await study.standing(caller, courseId, key));
      const { sha256, mediaType, bytes: kept } = acceptPicture(await receive(photo));
      await files.keep('course-work', { sha256, mediaType, bytes: kept });
      return { sha256, mediaType, byteLength: kept.length };
    },

    /**
     * Hands work in. Throws `input.invalid` where the task asks for more, `task.waiting` while earlier work waits for its
     * grade, `task.accepted` after it was accepted.
     */
    async submitTask(
      caller: Caller,
      courseId: string,
      key: string,
      work: { note: string; link?: string; photos: StoredPhoto[] },
    ): Promise<SubmissionView> {
      for (const { sha256 } of work.photos)
        if (!(await files.has('course-work', sha256)))
          throw fieldError('photos', 'unknown', 'This photo was not sent');
      return study.inLesson(caller, courseId, key, async (tx, at) => {
        const task = taskIn(at);
        ensureEnough(task, work);
        const before = await listSubmissions(tx, at.start.id, key);
        if (before.some((row) => row.verdict === 'accepted')) throw new HubError('task.accepted');
        if (before.some((row) => row.verdict === null)) throw new HubError('task.waiting');
        const row: SubmissionRow = {
          id: newId<'submission'>(),
          ...{ startId: at.start.id, lessonKey: key, courseId, personId: at.personId },
          regionCode: await regionOfGrading(courseId, at.personId, tx),
          ordinal: before.length + 1,
          note: work.note,
          link: work.link ?? null,
          photos: work.photos,
          handedInAt: instant(clock.now()),
          ...{ verdict: null, comment: null, points: null, gradedAt: null, gradedBy: null },
        };
        await insertSubmission(tx, row);
        await updateLesson(tx, at.row, { handedIn: true });
        return submissionView(row);
      });
    },

    /** A photo of handed-in work: for who took it and who grades it. */
    async openPhoto(
      caller: Caller,
      id: string,
      sha256: string,
    ): Promise<{ bytes: Buffer; mediaType: string }> {
      const row = await findSubmission(db, id);
      const member = row !== undefined && caller?.personId === row.personId;
      ensureMay(caller, 'course.work', { regionCode: row?.regionCode, member });
      const photo = row?.photos.find((one) => one.sha256 === sha256);
      if (!photo) throw new HubError('not-found');
      return { bytes: await files.read('course-work', sha256), mediaType: photo.mediaType };
    },

    /** What waits for the caller's grade, the longest waiting first. */
    async listGrading(caller: Caller, page: number): Promise<Page<GradingView>> {
      ensureMay(caller, 'course.grade');
      const prefixes = prefixesWhereMay(caller, 'course.grade');
      const slice = { limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE };
      const [rows, total] = await Promise.all([listWaiting(db, prefixes, slice), countWaiting(db, prefixes)]);
      return pageOf(await gradingViews(rows), page, PAGE_SIZE, total);
    },

    /** What the caller graded lately. */
    async listGradedByMe(caller: Caller): Promise<GradingView[]> {
      const actor = actorWhoMay(caller, 'course.grade');
      return gradingViews(await listGraded(db, actor.accountId, PAGE_SIZE));
    },

    /** Accepts work, or gives it back to be mended. Throws `task.graded` when someone was quicker. */
    async gradeSubmission(caller: Caller, id: string, grade: Grade): Promise<GradingView> {
      const found = await findSubmission(db, id);
      const actor = actorWhoMay(caller, 'course.grade', { regionCode: found?.regionCode });
      const graded = await db.transaction(async (tx) => {
        const row = await requireSubmission(id, tx);
        if (row.personId === actor.personId) throw new HubError('task.own');
        if (row.verdict !== null) throw new HubError('task.graded');
        const start = (await findStartById(tx, row.startId))!;
        const published = await documents.read(tx, row.courseId, start.version);
        const task = lessonOf(published.document, row.lessonKey) as LessonOf<'task'>;
        const changes = {
          verdict: grade.verdict,
          comment: grade.comment,
          points: pointsWithin(task, grade.points),
          gradedAt: instant(clock.now()),
          gradedBy: actor.accountId,
        };
        await updateSubmission(tx, id, changes);
        if (grade.verdict === 'accepted') {
          const lesson = (await findLesson(tx, row.startId, row.lessonKey))!;
          await updateLesson(tx, lesson, { accepted: true });
          await study.settle(tx, { start, published, personId: row.personId });
        }
        await audit(tx, clock, {
          actorAccountId: actor.accountId,
          action: 'course.grade',
          objectKind: 'submission',
          objectId: id,
          regionCode: row.regionCode,
          detail: { verdict: grade.verdict },
        });
        return { ...row, ...changes };
      });
      const [view] = await gradingViews([graded]);
      return view!;
    },
  };
}

function ensureEnough(task: LessonOf<'task'>, work: { link?: string; photos: readonly unknown[] }): void {
  if (work.photos.length > MOST_PHOTOS)
    throw fieldError('photos', 'too_big', `${MOST_PHOTOS} photos at most`);
  if (work.photos.length > 0 && !task.handIn.includes('photo'))
    throw fieldError('photos', 'unknown', 'The task takes no photos');
  if (work.link !== undefined && !task.handIn.includes('link'))
    throw fieldError('link', 'unknown', 'The task takes no link');
  // Where either will do, one of them is enough.
  if (work.photos.length > 0 || work.link !== undefined) return;
  const wanted = task.handIn.includes('photo') ? 'photos' : 'link';
  throw fieldError(wanted, 'required', 'Something must be handed in');
}

/** Of each criterion, no more than it is worth. Throws `input.invalid`. */
function pointsWithin(task: LessonOf<'task'>, given: Record<string, number>): Record<string, number> {
  return Object.fromEntries(
    task.criteria.flatMap(({ key, points }) => {
      const value = given[key];
      if (value === undefined) return [];
      if (value > points) throw fieldError(`points.${key}`, 'too_big', `${points} at most`);
      return [[key, value]];
    }),
  );
}

function submissionView(row: SubmissionRow): SubmissionView {
  const { id, ordinal, note, link, handedInAt, verdict, comment, points, gradedAt } = row;
  const photos = row.photos.map(({ sha256 }) => `/api/course-work/${id}/${sha256}`);
  return { id, ordinal, note, link, photos, handedInAt, verdict, comment, points, gradedAt };
}
