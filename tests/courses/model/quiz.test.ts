import { describe, expect, it } from 'vitest';
import { checkCourse } from '../../../courses/model/check-course.ts';
import type { LessonOf } from '../../../courses/model/course-schema.ts';
import { askQuiz, attemptsLeft, markQuiz, type Answer } from '../../../courses/model/quiz.ts';
import { randomOf, shuffled } from '../../../courses/model/shuffle.ts';
import { sampleCourse } from './sample-course.ts';

const checked = checkCourse(sampleCourse());
if (!checked.ok) throw new Error('not valid');
const quiz = checked.course.lessons[4] as LessonOf<'quiz'>;

describe('a quiz', () => {
  it('is asked without its answers, the same way for the same seed', () => {
    const asked = askQuiz(quiz, 'attempt-1');
    expect(askQuiz(quiz, 'attempt-1')).toEqual(asked);
    const orders = new Set(
      Array.from({ length: 30 }, (_, n) =>
        askQuiz(quiz, `attempt-${n}`)
          .map(({ key }) => key)
          .join(),
      ),
    );
    expect(orders.size).toBeGreaterThan(10);
    expect(JSON.stringify(asked)).not.toMatch(/answer|explanation|why|tolerance|二不对|乙不对|是对的/);
    expect(asked.map(({ key }) => key).toSorted()).toEqual(quiz.questions.map(({ key }) => key).toSorted());
  });

  it('never asks for an order that is already right', () => {
    for (let n = 0; n < 200; n += 1) {
      const items = askQuiz(quiz, `o${n}`).find(({ kind }) => kind === 'order')!.options;
      expect(items.map(({ key }) => key)).not.toEqual(['x', 'y', 'z']);
      expect(items.map(({ key }) => key).toSorted()).toEqual(['x', 'y', 'z']);
    }
  });

  it.each<[string, Answer | undefined, boolean]>([
    ['one', 'a', true],
    ['one', 'b', false],
    ['one', ['a'], false],
    ['one', undefined, false],
    ['some', ['c', 'a'], true],
    ['some', ['a', 'a', 'c'], true],
    ['some', ['a'], false],
    ['some', ['a', 'b', 'c'], false],
    ['some', 'a', false],
    ['true', true, true],
    ['true', 'true', false],
    ['order', ['x', 'y', 'z'], true],
    ['order', ['x', 'z', 'y'], false],
    ['order', ['x', 'y'], false],
    ['number', 0.3, true],
    ['number', 0.1, true],
    ['number', 0.31, false],
    ['number', Number.NaN, false],
    ['number', '0.2', false],
  ])('question %s answered %j: %s', (key, answer, right) => {
    const marked = markQuiz(quiz, answer === undefined ? {} : { [key]: answer });
    const one = marked.questions.find((question) => question.key === key)!;
    expect(one.right).toBe(right);
    expect(one.explanation === null).toBe(right);
  });

  it('is scored by points, told why where wrong, and passed at its mark exactly', () => {
    const marked = markQuiz(quiz, { one: 'b', some: ['a', 'c'], true: true, order: ['z', 'y', 'x'] });
    expect(marked).toMatchObject({ points: 3, outOf: 6, percent: 50, passed: false });
    expect(marked.questions[0]).toMatchObject({
      explanation: '一是对的',
      whys: [{ option: 'b', why: '二不对' }],
    });
    const atMark = { ...quiz, completion: { by: 'passed' as const, percent: 50 } };
    expect(markQuiz(atMark, { some: ['a', 'c'], true: true }).passed).toBe(true);
    expect(markQuiz(quiz, { constructor: 'a', __proto__: 'b' }).points).toBe(0);
  });

  it('counts what is left of its attempts', () => {
    expect([0, 1, 2, 3].map((n) => attemptsLeft({ attempts: 2 }, n))).toEqual([2, 1, 0, 0]);
    expect(attemptsLeft({ attempts: null }, 100)).toBeNull();
  });

  it('shuffles fairly', () => {
    const random = randomOf('fair');
    const first = { a: 0, b: 0, c: 0 };
    for (let n = 0; n < 3000; n += 1) first[shuffled(['a', 'b', 'c'] as const, random)[0]!] += 1;
    for (const times of Object.values(first)) expect(Math.abs(times - 1000)).toBeLessThan(120);
  });
});
