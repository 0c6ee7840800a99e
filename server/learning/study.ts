import {
  believable,
  clipTo,
  coveredSeconds,
  FASTEST_RATE,
  seenPercent,
  unionOf,
  type Span,
} from '../../courses/model/intervals.ts';
import { leastReadingSeconds } from '../../courses/model/reading.ts';
import type { Lesson } from '../../courses/model/course-schema.ts';
import { isDone, type CourseProgress } from '../../courses/model/progress.ts';
import type { Caller } from '../platform/access/actor.ts';
import { actorWhoMay } from '../platform/access/decide.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Database, Reader, Transaction } from '../platform/database/open.ts';
import { HubError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { emit } from '../platform/outbox/emit.ts';
import { lessonOf, type Documents, type PublishedVersion } from './documents.ts';
import { factsOf, progressIn, withPresence } from './facts.ts';
import type { LiveDesk, VideoDesk } from './ports.ts';
import { findCourse, listCoursesByKey } from './store/courses.ts';
import {
  findLearner,
  findLesson,
  findStart,
  insertCompletion,
  insertLesson,
  insertStart,
  listCompletedKeys,
  listLessons,
  putLearner,
  updateLesson,
  updateStart,
  type LessonRow,
  type StartRow,
} from './store/study.ts';

/** A person completed a course. Ids only: who counts it looks up the rest. */
export interface CourseCompleted {
  completionId: string;
  courseId: string;
  courseKey: string;
  version: number;
  personId: string;
  occurredAt: string;
  recordedAt: string;
}

/** What a player tells while it plays: what was played since it last told, and where it is now, in seconds. */
export interface PlayerReport {
  spans: Span[];
  position: number;
  speed?: number;
  /** The language that is shown, or `off`. */
  captions?: string;
}

/** What the learner's lesson stands on, looked up once for each verb. */
export interface Standing {
  personId: string;
  start: StartRow;
  published: PublishedVersion;
  lesson: Lesson;
}

/** A report is late by what the network takes. */
const GRACE_SECONDS = 2;

export type Study = ReturnType<typeof openStudy>;

interface StudyParts {
  db: Database;
  clock: Clock;
  documents: Documents;
  videos: VideoDesk;
  live: LiveDesk;
}

/** A learner's way through a course: begin, open, read, watch; and what that adds up to. */
export function openStudy({ db, clock, documents, videos, live }: StudyParts) {
  async function readProgress(
    reader: Reader,
    start: StartRow,
    published: PublishedVersion,
  ): Promise<CourseProgress> {
    const facts = factsOf(await listLessons(reader, [start.id]));
    const known = await withPresence(facts, published.document, start.personId, live);
    return progressIn(published.document, start, known);
  }

  /** Throws `course.not-started`, `not-found`, `lesson.locked`. */
  async function standing(
    caller: Caller,
    courseId: string,
    key: string,
    reader: Reader = db,
  ): Promise<Standing> {
    const { personId } = actorWhoMay(caller, 'course.learn');
    const start = await findStart(reader, courseId, personId);
    if (!start) throw new HubError('course.not-started');
    const published = await documents.read(reader, courseId, start.version);
    const lesson = lessonOf(published.document, key);
    const progress = await readProgress(reader, start, published);
    if (progress.lessons.find((one) => one.key === key)!.state === 'locked')
      throw new HubError('lesson.locked');
    return { personId, start, published, lesson };
  }

  /** The lesson's row, made at its first opening. */
  async function opened(tx: Transaction, { start, lesson }: Standing): Promise<LessonRow> {
    const at = instant(clock.now());
    await insertLesson(tx, { startId: start.id, lessonKey: lesson.key, openedAt: at, seen: [] });
    await updateStart(tx, start.id, { lastLessonKey: lesson.key, lastAt: at });
    return (await findLesson(tx, start.id, lesson.key))!;
  }

  /** After whatever may have finished a lesson: the completion of the course is written once, with its news. */
  async function settle(
    tx: Transaction,
    { start, published, personId }: Omit<Standing, 'lesson'>,
  ): Promise<void> {
    if (start.completedAt !== null) return;
    const progress = await readProgress(tx, start, published);
    if (!progress.complete) return;
    const at = instant(clock.now());
    const fact: CourseCompleted = {
      completionId: newId<'completion'>(),
      courseId: start.courseId,
      courseKey: published.document.key,
      version: start.version,
      personId,
      occurredAt: at,
      recordedAt: at,
    };
    const { completionId, ...row } = fact;
    await insertCompletion(tx, { ...row, id: completionId, startId: start.id });
    await updateStart(tx, start.id, { completedAt: at });
    await emit(tx, { type: 'learning.course-completed', payload: fact }, at);
  }

  /** Opens the lesson, lets `work` change what is known of it and settles. */
  function inLesson<T>(
    caller: Caller,
    courseId: string,
    key: string,
    work: (tx: Transaction, at: Standing & { row: LessonRow }) => Promise<T>,
  ): Promise<T> {
    return db.transaction(async (tx) => {
      const at = await standing(caller, courseId, key, tx);
      const row = await opened(tx, at);
      const result = await work(tx, { ...at, row });
      await settle(tx, at);
      return result;
    });
  }

  async function lengthOf(lesson: Lesson): Promise<number> {
    if (lesson.kind === 'video')
      return (await videos.videosById([lesson.videoId])).get(lesson.videoId)?.durationSeconds ?? 0;
    if (lesson.kind !== 'live') return 0;
    const broadcast = (await live.broadcastsById([lesson.broadcastId])).get(lesson.broadcastId);
    if (!broadcast) return 0;
    return ((broadcast.trimEndMs ?? broadcast.recordedMs) - (broadcast.trimStartMs ?? 0)) / 1000;
  }

  return {
    standing,
    inLesson,
    settle,
    readProgress,

    /**
     * Begins the newest version, or goes on with the one under way. Throws `course.not-published`,
     * `course.prerequisites` naming what comes first.
     */
    async startCourse(caller: Caller, courseId: string): Promise<{ version: number; next: string | null }> {
      const { personId } = actorWhoMay(caller, 'course.learn');
      return db.transaction(async (tx) => {
        const row = await findCourse(tx, courseId);
        if (!row) throw new HubError('not-found');
        let start = await findStart(tx, courseId, personId);
        const version = row.publishedVersion;
        if (!start || (start.completedAt !== null && version !== null && start.version < version)) {
          if (version === null || row.archivedAt !== null) throw new HubError('course.not-published');
          const { document } = await documents.read(tx, courseId, version);
          await ensurePrerequisites(tx, document.prerequisites, personId);
          const at = instant(clock.now());
          start = {
            ...{ id: newId<'start'>(), courseId, version, personId, startedAt: at, lastAt: at },
            ...{ lastLessonKey: null, completedAt: null },
          };
          await insertStart(tx, start);
        }
        const published = await documents.read(tx, courseId, start.version);
        const { next } = await readProgress(tx, start, published);
        return { version: start.version, next: next ?? published.document.lessons[0]!.key };
      });
    },

    /** The learner says they have read it. Throws `lesson.too-soon` with the seconds that are left. */
    async markRead(caller: Caller, courseId: string, key: string): Promise<void> {
      await inLesson(caller, courseId, key, async (tx, { lesson, row }) => {
        if (lesson.kind !== 'article' && lesson.kind !== 'document')
          throw new HubError('lesson.not-possible', { message: `A ${lesson.kind} is not read` });
        if (row.readAt !== null) return;
        const left = readingSecondsLeft(lesson, row, clock.now());
        if (left > 0) throw new HubError('lesson.too-soon', { params: { seconds: left } });
        await updateLesson(tx, row, { readAt: instant(clock.now()) });
      });
    },

    /**
     * Adds what a player has played. No more is believed than can have been played since it last told, nor more of all
     * lessons together than the person's time allows.
     */
    async reportSeen(
      caller: Caller,
      courseId: string,
      key: string,
      report: PlayerReport,
    ): Promise<{ seenPercent: number; done: boolean }> {
      const nowMs = clock.now();
      return inLesson(caller, courseId, key, async (tx, { lesson, row, personId }) => {
        if (lesson.kind !== 'video' && lesson.kind !== 'live')
          throw new HubError('lesson.not-possible', { message: `A ${lesson.kind} is not played` });
        const lengthSeconds = Math.ceil((await lengthOf(lesson)) || row.lengthSeconds);
        const learner = await findLearner(tx, personId);
        const sinceMs = Date.parse(row.reportedAt ?? row.openedAt);
        const fromMs = Math.max(sinceMs, learner?.playedUntil ? Date.parse(learner.playedUntil) : 0);
        const since = { wallSeconds: (nowMs - fromMs) / 1000, graceSeconds: GRACE_SECONDS };
        const believed = clipTo(believable(report.spans, since), lengthSeconds);
        const seen = unionOf([...row.seen, ...believed]).map(([from, to]): [number, number] => [
          roundTo(from),
          roundTo(to),
        ]);
        const position = Math.floor(Math.min(report.position, lengthSeconds));
        await updateLesson(tx, row, { lengthSeconds, seen, position, reportedAt: instant(nowMs) });
        await putLearner(tx, {
          personId,
          speed: report.speed === undefined ? (learner?.speed ?? 100) : Math.round(report.speed * 100),
          captions: report.captions ?? learner?.captions ?? null,
          playedUntil: instant(Math.min(nowMs, fromMs + (coveredSeconds(believed) * 1000) / FASTEST_RATE)),
        });
        const facts = factsOf([{ ...row, seen, lengthSeconds }])[key]!;
        return { seenPercent: seenPercent(seen, lengthSeconds), done: isDone(lesson, facts) };
      });
    },
  };

  async function ensurePrerequisites(
    tx: Transaction,
    keys: readonly string[],
    personId: string,
  ): Promise<void> {
    const completed = await listCompletedKeys(tx, personId, keys);
    const missing = keys.filter((key) => !completed.has(key));
    if (missing.length === 0) return;
    const rows = await listCoursesByKey(tx, missing);
    const titles = missing.map((key) => rows.find((row) => (row.key ?? row.id) === key)?.title ?? key);
    throw new HubError('course.prerequisites', { params: { titles: titles.join('、') } });
  }
}

/** Hundredths of a second: a player's own clock is no finer. */
function roundTo(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}

/** How long it takes at least until the learner can have read it. */
export function readingSecondsLeft(
  lesson: Extract<Lesson, { kind: 'article' | 'document' }>,
  row: Pick<LessonRow, 'openedAt'>,
  nowMs: number,
): number {
  return Math.max(0, Math.ceil(leastReadingSeconds(lesson) - (nowMs - Date.parse(row.openedAt)) / 1000));
}
