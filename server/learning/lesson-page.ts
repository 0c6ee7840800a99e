import type { Lesson, LessonKind } from '../../courses/model/course-schema.ts';
import { seenPercent } from '../../courses/model/intervals.ts';
import type { LessonState } from '../../courses/model/progress.ts';
import type { SurveyQuestion } from '../../courses/model/question-schema.ts';
import type { Caller } from '../platform/access/actor.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/open.ts';
import type { Quizzes, QuizStanding } from './quizzes.ts';
import { readingSecondsLeft, type Standing, type Study } from './study.ts';
import { findLearner, type LessonRow } from './store/study.ts';
import type { SubmissionView, Tasks } from './tasks.ts';

/** What a lesson is made of, as far as a learner may see it: no answers. */
export type LessonContent =
  | { kind: 'video'; videoId: string }
  | { kind: 'live'; broadcastId: string }
  | { kind: 'document'; pages: string[]; file: string | null }
  /** Pictures by name in the text, by address in `addresses`. */
  | { kind: 'article'; body: string; addresses: Record<string, string> }
  | { kind: 'quiz'; questions: number; addresses: Record<string, string> }
  | {
      kind: 'task';
      brief: string;
      addresses: Record<string, string>;
      criteria: { key: string; text: string; points: number }[];
      handIn: ('photo' | 'link')[];
    }
  | { kind: 'survey'; questions: SurveyQuestion[] };

export interface LessonStep {
  key: string;
  title: string;
  kind: LessonKind;
  minutes: number;
  state: LessonState;
  dueAt: string | null;
}

/** A lesson with everything its page shows. */
export interface LessonPage {
  course: { id: string; title: string; version: number; done: number; total: number; complete: boolean };
  lesson: LessonStep;
  /** 1 is the first. */
  ordinal: number;
  completion: Lesson['completion'];
  content: LessonContent;
  /** What the player goes on with, on whatever device it was left. */
  player: { position: number; speed: number; captions: string | null; seenPercent: number } | null;
  /** Of what is read: whether it was, and how long it takes at least until it can have been. */
  reading: { read: boolean; secondsLeft: number } | null;
  quiz: QuizStanding | null;
  task: SubmissionView[] | null;
  /** Of a survey. */
  answered: boolean | null;
  previous: LessonStep | null;
  following: LessonStep | null;
}

interface LessonPagesParts {
  db: Database;
  clock: Clock;
  study: Study;
  quizzes: Quizzes;
  tasks: Tasks;
}

/** Puts a lesson's page together for its learner. */
export function openLessonPages({ db, clock, study, quizzes, tasks }: LessonPagesParts) {
  return {
    /** Opens the lesson as well. Throws `course.not-started`, `lesson.locked`, `not-found`. */
    async readLesson(caller: Caller, courseId: string, key: string): Promise<LessonPage> {
      const { at, row } = await study.inLesson(caller, courseId, key, async (_tx, { row, ...at }) => ({
        at,
        row,
      }));
      const { lesson, published, start, personId } = at;
      const { document } = published;
      const progress = await study.readProgress(db, start, published);
      const steps = stepsOf(document.lessons, progress.lessons);
      const index = document.lessons.findIndex((one) => one.key === key);
      const { done, total, complete } = progress;
      return {
        course: { id: courseId, title: document.title, version: start.version, done, total, complete },
        lesson: steps[index]!,
        ordinal: index + 1,
        completion: lesson.completion,
        content: contentOf(at),
        player: lesson.kind === 'video' || lesson.kind === 'live' ? await playerOf(personId, row) : null,
        reading:
          lesson.kind === 'article' || lesson.kind === 'document'
            ? { read: row.readAt !== null, secondsLeft: readingSecondsLeft(lesson, row, clock.now()) }
            : null,
        quiz: lesson.kind === 'quiz' ? await quizzes.quizStanding(db, at) : null,
        task: lesson.kind === 'task' ? await tasks.submissionsOf(db, at) : null,
        answered: lesson.kind === 'survey' ? row.handedIn : null,
        previous: steps[index - 1] ?? null,
        following: steps[index + 1] ?? null,
      };
    },
  };

  async function playerOf(personId: string, row: LessonRow): Promise<LessonPage['player']> {
    const learner = await findLearner(db, personId);
    return {
      position: row.position,
      speed: (learner?.speed ?? 100) / 100,
      captions: learner?.captions ?? null,
      seenPercent: seenPercent(row.seen, row.lengthSeconds),
    };
  }
}

/** Lessons with where the learner stands in each. */
export function stepsOf(
  lessons: readonly Lesson[],
  progress: readonly { key: string; state: LessonState; dueAtMs: number | null }[],
): LessonStep[] {
  return lessons.map(({ key, title, kind, minutes }, n) => {
    const { state, dueAtMs } = progress[n]!;
    return { key, title, kind, minutes, state, dueAt: dueAtMs === null ? null : instant(dueAtMs) };
  });
}

function contentOf({ lesson, published: { addresses } }: Standing): LessonContent {
  switch (lesson.kind) {
    case 'video':
      return { kind: 'video', videoId: lesson.videoId };
    case 'live':
      return { kind: 'live', broadcastId: lesson.broadcastId };
    case 'document':
      return {
        kind: 'document',
        pages: lesson.pages.map((page) => addresses[page]!),
        file: lesson.file === undefined ? null : addresses[lesson.file]!,
      };
    case 'article':
      return { kind: 'article', body: lesson.body, addresses };
    case 'quiz':
      return { kind: 'quiz', questions: lesson.questions.length, addresses };
    case 'task': {
      const { kind, brief, criteria, handIn } = lesson;
      return { kind, brief, criteria, handIn, addresses };
    }
    case 'survey':
      return { kind: 'survey', questions: lesson.questions };
  }
}
