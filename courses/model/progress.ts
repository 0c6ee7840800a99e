import type { CourseDocument, Lesson } from './course-schema.ts';
import { seenPercent, type Span } from './intervals.ts';

/** What is known of one learner and one lesson. */
export interface LessonFacts {
  opened: boolean;
  /** The learner said so, no sooner than it can be read. */
  read: boolean;
  /** What was played of a video or replay, and how long it is; 0: not known yet. */
  seen: readonly Span[];
  lengthSeconds: number;
  /** Of a live class: the share of it at which the learner was measured to be present, in whole percent. */
  presentPercent: number;
  /** Percent of the best attempt that was handed in. */
  bestPercent: number | null;
  /** A quiz, task or survey was handed in at least once. */
  handedIn: boolean;
  /** A trainer accepted the task. */
  accepted: boolean;
}

export const NO_FACTS: LessonFacts = {
  opened: false,
  read: false,
  seen: [],
  lengthSeconds: 0,
  presentPercent: 0,
  bestPercent: null,
  handedIn: false,
  accepted: false,
};

/** `locked`: lessons before it are not done yet. */
export type LessonState = 'locked' | 'open' | 'under-way' | 'done';

export interface LessonProgress {
  key: string;
  state: LessonState;
  /** Of a video or replay: the share seen, in whole percent; else 0 or 100. */
  percent: number;
  /** When it is due, in milliseconds since the epoch; null: never. */
  dueAtMs: number | null;
}

export interface CourseProgress {
  lessons: LessonProgress[];
  /** Where the learner goes on: the first lesson that is open and not done; null when there is none. */
  next: string | null;
  done: number;
  total: number;
  /** `done` of `total`, in whole percent, rounded down. */
  percent: number;
  complete: boolean;
}

const DAY_MS = 86_400_000;

/** Where a learner stands in a course. Facts of lessons that the course does not have are ignored. */
export function progressOf(
  course: Pick<CourseDocument, 'order' | 'lessons'>,
  facts: Readonly<Record<string, LessonFacts>>,
  startedAtMs: number,
): CourseProgress {
  let allBefore = true;
  const lessons = course.lessons.map((lesson): LessonProgress => {
    const known = Object.hasOwn(facts, lesson.key) ? facts[lesson.key]! : NO_FACTS;
    const done = isDone(lesson, known);
    const locked = course.order === 'sequence' && !allBefore && !done;
    allBefore &&= done;
    return {
      key: lesson.key,
      state: done ? 'done' : locked ? 'locked' : hasBegun(known) ? 'under-way' : 'open',
      percent: percentOf(lesson, known, done),
      dueAtMs: lesson.dueDays === undefined ? null : startedAtMs + lesson.dueDays * DAY_MS,
    };
  });
  const done = lessons.filter(({ state }) => state === 'done').length;
  const total = lessons.length;
  return {
    ...{ lessons, done, total },
    next: lessons.find(({ state }) => state === 'open' || state === 'under-way')?.key ?? null,
    percent: Math.floor((done * 100) / total),
    complete: done === total,
  };
}

/** Whether the lesson's own rule is met. */
export function isDone({ completion }: Lesson, facts: LessonFacts): boolean {
  switch (completion.by) {
    case 'watched':
      return watchedPercent(facts) >= completion.percent;
    case 'opened':
      return facts.opened;
    case 'read':
      return facts.read;
    case 'passed':
      return facts.bestPercent !== null && facts.bestPercent >= completion.percent;
    case 'accepted':
      return facts.accepted;
    case 'handed-in':
      return facts.handedIn;
  }
}

/** Live or afterwards: two halves are not added, for they may be the same half. */
function watchedPercent(facts: LessonFacts): number {
  return Math.max(facts.presentPercent, seenPercent(facts.seen, facts.lengthSeconds));
}

function hasBegun(facts: LessonFacts): boolean {
  return facts.opened || facts.handedIn || facts.seen.length > 0;
}

function percentOf(lesson: Lesson, facts: LessonFacts, done: boolean): number {
  if (lesson.kind === 'video' || lesson.kind === 'live') return watchedPercent(facts);
  return done ? 100 : 0;
}
