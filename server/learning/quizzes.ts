import {
  askQuiz,
  attemptsLeft,
  markQuiz,
  type Answers,
  type AskedQuestion,
  type MarkedQuiz,
} from '../../courses/model/quiz.ts';
import type { LessonOf } from '../../courses/model/course-schema.ts';
import type { Caller } from '../platform/access/actor.ts';
import { instant, type Clock } from '../platform/clock.ts';
import { HubError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Reader } from '../platform/database/open.ts';
import type { Standing, Study } from './study.ts';
import { insertSurveyAnswers, updateLesson } from './store/study.ts';
import { insertAttempt, listAttempts, updateAttempt, type AttemptRow } from './store/work.ts';

/** An attempt under way: its questions in its own order, what was answered so far, never what is right. */
export interface OpenAttempt {
  ordinal: number;
  startedAt: string;
  questions: AskedQuestion[];
  answers: Answers;
}

/** One that was handed in, with what was wrong and why. */
export interface MarkedAttempt extends MarkedQuiz {
  ordinal: number;
  handedInAt: string;
  questionsAsked: AskedQuestion[];
  answers: Answers;
}

export interface QuizStanding {
  /** Percent to reach; null: handing in is enough. */
  passPercent: number | null;
  /** Null: without limit. */
  attemptsLeft: number | null;
  open: OpenAttempt | null;
  last: MarkedAttempt | null;
  bestPercent: number | null;
}

export type Quizzes = ReturnType<typeof openQuizzes>;

/** Quizzes and surveys of courses. */
export function openQuizzes({ clock, study }: { clock: Clock; study: Study }) {
  function quizIn({ lesson }: Standing): LessonOf<'quiz'> {
    if (lesson.kind !== 'quiz') throw new HubError('lesson.not-possible', { message: 'It is no quiz' });
    return lesson;
  }

  /** The attempt under way. Throws `quiz.no-attempt`. */
  async function underWay(reader: Reader, at: Standing): Promise<AttemptRow> {
    const open = (await listAttempts(reader, at.start.id, at.lesson.key)).find((row) => !row.handedInAt);
    if (!open) throw new HubError('quiz.no-attempt');
    return open;
  }

  return {
    /** What a quiz is to a learner now. */
    async quizStanding(reader: Reader, at: Standing): Promise<QuizStanding> {
      const quiz = quizIn(at);
      const rows = await listAttempts(reader, at.start.id, quiz.key);
      const handedIn = rows.filter((row) => row.handedInAt !== null);
      const open = rows.find((row) => row.handedInAt === null);
      const last = handedIn.at(-1);
      return {
        passPercent: quiz.completion.by === 'passed' ? quiz.completion.percent : null,
        attemptsLeft: attemptsLeft(quiz, handedIn.length),
        open: open ? openView(quiz, open) : null,
        last: last ? markedView(quiz, last) : null,
        bestPercent: handedIn.length > 0 ? Math.max(...handedIn.map((row) => row.percent ?? 0)) : null,
      };
    },

    /** Begins an attempt, or goes on with the one under way. Throws `quiz.no-attempts-left`. */
    beginAttempt(caller: Caller, courseId: string, key: string): Promise<OpenAttempt> {
      return study.inLesson(caller, courseId, key, async (tx, at) => {
        const quiz = quizIn(at);
        const rows = await listAttempts(tx, at.start.id, key);
        const open = rows.find((row) => row.handedInAt === null);
        if (open) return openView(quiz, open);
        if (attemptsLeft(quiz, rows.length) === 0) throw new HubError('quiz.no-attempts-left');
        const row: AttemptRow = {
          id: newId<'attempt'>(),
          startId: at.start.id,
          lessonKey: key,
          ordinal: rows.length + 1,
          startedAt: instant(clock.now()),
          answers: {},
          ...{ handedInAt: null, points: null, outOf: null, percent: null },
        };
        await insertAttempt(tx, row);
        return openView(quiz, row);
      });
    },

    /** Keeps answers on their way, for a reload and for another device. */
    async keepAnswers(caller: Caller, courseId: string, key: string, answers: Answers): Promise<void> {
      await study.inLesson(caller, courseId, key, async (tx, at) => {
        const quiz = quizIn(at);
        const row = await underWay(tx, at);
        await updateAttempt(tx, row.id, { answers: known(quiz, { ...row.answers, ...answers }) });
      });
    },

    /** Marks the attempt under way, with these answers added. */
    handInQuiz(caller: Caller, courseId: string, key: string, answers: Answers): Promise<MarkedAttempt> {
      return study.inLesson(caller, courseId, key, async (tx, at) => {
        const quiz = quizIn(at);
        const row = await underWay(tx, at);
        const given = known(quiz, { ...row.answers, ...answers });
        const { points, outOf, percent } = markQuiz(quiz, given);
        const handedInAt = instant(clock.now());
        await updateAttempt(tx, row.id, { answers: given, handedInAt, points, outOf, percent });
        await updateLesson(tx, at.row, {
          handedIn: true,
          bestPercent: Math.max(at.row.bestPercent ?? 0, percent),
        });
        return markedView(quiz, { ...row, answers: given, handedInAt });
      });
    },

    /** Throws `survey.answered` the second time. */
    async answerCourseSurvey(
      caller: Caller,
      courseId: string,
      key: string,
      answers: Record<string, string | string[] | number>,
    ): Promise<void> {
      await study.inLesson(caller, courseId, key, async (tx, at) => {
        if (at.lesson.kind !== 'survey')
          throw new HubError('lesson.not-possible', { message: 'It is no survey' });
        const asked = new Set(at.lesson.questions.map((question) => question.key));
        const kept = Object.fromEntries(Object.entries(answers).filter(([name]) => asked.has(name)));
        const answeredAt = instant(clock.now());
        const row = { startId: at.start.id, lessonKey: key, answers: kept, answeredAt };
        if (!(await insertSurveyAnswers(tx, row))) throw new HubError('survey.answered');
        await updateLesson(tx, at.row, { handedIn: true });
      });
    },
  };
}

/** Answers to questions of this quiz only. */
function known(quiz: LessonOf<'quiz'>, answers: Answers): AttemptRow['answers'] {
  const asked = new Set(quiz.questions.map(({ key }) => key));
  return Object.fromEntries(Object.entries(answers).filter(([key]) => asked.has(key)));
}

function openView(quiz: LessonOf<'quiz'>, row: AttemptRow): OpenAttempt {
  const { ordinal, startedAt, answers } = row;
  return { ordinal, startedAt, answers, questions: askQuiz(quiz, row.id) };
}

function markedView(quiz: LessonOf<'quiz'>, row: AttemptRow): MarkedAttempt {
  const { ordinal, answers } = row;
  const questionsAsked = askQuiz(quiz, row.id);
  return { ordinal, answers, handedInAt: row.handedInAt!, questionsAsked, ...markQuiz(quiz, answers) };
}
