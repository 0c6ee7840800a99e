import type { LessonOf } from './course-schema.ts';
import type { Question } from './question-schema.ts';
import { randomOf, shuffled } from './shuffle.ts';

type Quiz = Pick<LessonOf<'quiz'>, 'questions' | 'shuffle' | 'completion'>;

/** A question as a learner gets it: nothing in it tells the answer. */
export interface AskedQuestion {
  key: string;
  kind: Question['kind'];
  prompt: string;
  picture: string | null;
  points: number;
  /** Of `single` and `multiple` to choose from, of `order` to be put in order; else empty. */
  options: { key: string; text: string }[];
  unit: string | null;
}

/** `single`: an option's key; `multiple`, `order`: keys; `true-false`; `number`. */
export type Answer = string | string[] | boolean | number;
/** By the question's key. A question without an answer is wrong. */
export type Answers = Readonly<Record<string, Answer>>;

/** The questions of an attempt, shuffled by its seed. Items of `order` never stand in the right order. */
export function askQuiz(quiz: Pick<Quiz, 'questions' | 'shuffle'>, seed: string): AskedQuestion[] {
  const random = randomOf(seed);
  const questions = quiz.shuffle ? shuffled(quiz.questions, random) : quiz.questions;
  return questions.map((question) => ({
    key: question.key,
    kind: question.kind,
    prompt: question.prompt,
    picture: question.picture ?? null,
    points: question.points,
    options: optionsOf(question, quiz.shuffle, random).map(({ key, text }) => ({ key, text })),
    unit: question.kind === 'number' ? (question.unit ?? null) : null,
  }));
}

function optionsOf(question: Question, shuffle: boolean, random: () => number) {
  if (question.kind === 'single' || question.kind === 'multiple')
    return shuffle ? shuffled(question.options, random) : question.options;
  if (question.kind !== 'order') return [];
  const order = shuffled(question.items, random);
  const [first, ...rest] = order;
  return order.every((item, n) => item === question.items[n]) ? [...rest, first!] : order;
}

/** How one question went; `explanation` and `whys` only where it went wrong. */
export interface MarkedQuestion {
  key: string;
  right: boolean;
  points: number;
  outOf: number;
  explanation: string | null;
  /** Of each option that was chosen wrongly, why it is wrong. */
  whys: { option: string; why: string }[];
}

export interface MarkedQuiz {
  points: number;
  outOf: number;
  /** Whole percent, rounded down. */
  percent: number;
  /** By the quiz's own rule; where it has no pass mark, having handed in is enough. */
  passed: boolean;
  questions: MarkedQuestion[];
}

/** Scores an attempt. Answers to questions that are not there are ignored. */
export function markQuiz(quiz: Quiz, answers: Answers): MarkedQuiz {
  const questions = quiz.questions.map((question) => {
    const answer = Object.hasOwn(answers, question.key) ? answers[question.key] : undefined;
    return markQuestion(question, answer);
  });
  const points = questions.reduce((sum, one) => sum + one.points, 0);
  const outOf = questions.reduce((sum, one) => sum + one.outOf, 0);
  const { completion } = quiz;
  return {
    ...{ points, outOf, questions },
    percent: Math.floor((points * 100) / outOf),
    passed: completion.by !== 'passed' || points * 100 >= completion.percent * outOf,
  };
}

function markQuestion(question: Question, answer: Answer | undefined): MarkedQuestion {
  const right = answer !== undefined && isRight(question, answer);
  return {
    key: question.key,
    right,
    points: right ? question.points : 0,
    outOf: question.points,
    explanation: right ? null : question.explanation,
    whys: right ? [] : whysOf(question, answer),
  };
}

function isRight(question: Question, answer: Answer): boolean {
  switch (question.kind) {
    case 'single':
    case 'true-false':
      return answer === question.answer;
    case 'multiple': {
      if (!Array.isArray(answer)) return false;
      const chosen = new Set(answer);
      return chosen.size === question.answers.length && question.answers.every((key) => chosen.has(key));
    }
    case 'order':
      return (
        Array.isArray(answer) &&
        answer.length === question.items.length &&
        question.items.every(({ key }, n) => key === answer[n])
      );
    case 'number':
      return typeof answer === 'number' && isWithin(answer, question.answer, question.tolerance);
  }
}

/** Decimal fractions are not exact: 0.3 is within 0.1 of 0.2. */
function isWithin(given: number, wanted: number, tolerance: number): boolean {
  const slack = Math.max(Math.abs(wanted), Math.abs(given), 1) * 1e-9;
  return Math.abs(given - wanted) <= tolerance + slack;
}

function whysOf(question: Question, answer: Answer | undefined): MarkedQuestion['whys'] {
  if (question.kind !== 'single' && question.kind !== 'multiple') return [];
  const right = question.kind === 'single' ? [question.answer] : question.answers;
  const chosen = Array.isArray(answer) ? answer : [answer];
  return question.options
    .filter(({ key }) => chosen.includes(key) && !right.includes(key))
    .flatMap(({ key, why }) => (why === undefined ? [] : [{ option: key, why }]));
}

/** How many more times it may be handed in; null: without limit. */
export function attemptsLeft(quiz: Pick<LessonOf<'quiz'>, 'attempts'>, handedIn: number): number | null {
  return quiz.attempts === null ? null : Math.max(0, quiz.attempts - handedIn);
}
