import { describe, expect, it } from 'vitest';
import { checkCourse } from '../../../courses/model/check-course.ts';
import { isDone, NO_FACTS, progressOf, type LessonFacts } from '../../../courses/model/progress.ts';
import { randomOf } from '../../../courses/model/shuffle.ts';
import { sampleCourse } from './sample-course.ts';

const checked = checkCourse(sampleCourse());
if (!checked.ok) throw new Error('not valid');
const { course } = checked;
const DONE: Record<string, Partial<LessonFacts>> = {
  sorting: { opened: true, read: true },
  film: { seen: [[0, 80]], lengthSeconds: 100 },
  live: { opened: true },
  slides: { read: true },
  quiz: { bestPercent: 60, handedIn: true },
  task: { accepted: true, handedIn: true },
  survey: { handedIn: true },
};
const facts = (...keys: string[]) =>
  Object.fromEntries(keys.map((key) => [key, { ...NO_FACTS, ...DONE[key] }]));
const statesOf = (...keys: string[]) =>
  progressOf(course, facts(...keys), 0).lessons.map(({ state }) => state);

describe('progress', () => {
  it.each<[string, Partial<LessonFacts>, boolean]>([
    ['sorting', { opened: true }, false],
    ['sorting', { read: true }, true],
    ['film', { seen: [[0, 79]], lengthSeconds: 100 }, false],
    [
      'film',
      {
        seen: [
          [0, 40],
          [60, 100],
        ],
        lengthSeconds: 100,
      },
      true,
    ],
    ['film', { seen: [[99, 100]], lengthSeconds: 100 }, false],
    ['film', { seen: [[0, 100]], lengthSeconds: 0 }, false],
    ['live', { opened: true }, true],
    ['quiz', { handedIn: true, bestPercent: 59 }, false],
    ['quiz', { handedIn: true, bestPercent: 60 }, true],
    ['task', { handedIn: true }, false],
    ['task', { handedIn: true, accepted: true }, true],
    ['survey', {}, false],
    ['survey', { handedIn: true }, true],
  ])('%s with %j is done: %s', (key, known, done) => {
    const lesson = course.lessons.find((one) => one.key === key)!;
    expect(isDone(lesson, { ...NO_FACTS, ...known })).toBe(done);
  });

  it('opens lessons one after another, or all at once', () => {
    expect(statesOf()).toEqual(['open', 'locked', 'locked', 'locked', 'locked', 'locked', 'locked']);
    expect(statesOf('sorting').slice(0, 3)).toEqual(['done', 'open', 'locked']);
    // Done out of order (by an older version, or before the order changed) stays done.
    expect(statesOf('film').slice(0, 3)).toEqual(['open', 'done', 'locked']);
    const free = progressOf({ ...course, order: 'free' }, {}, 0);
    expect(new Set(free.lessons.map(({ state }) => state))).toEqual(new Set(['open']));
  });

  it('tells what is next, how much is done of how much, and when it is due', () => {
    const half = progressOf(course, facts('sorting', 'film'), 1_000);
    expect(half).toMatchObject({ next: 'live', done: 2, total: 7, percent: 28, complete: false });
    expect(half.lessons[1]!.dueAtMs).toBe(1_000 + 7 * 86_400_000);
    expect(half.lessons[0]!.dueAtMs).toBeNull();
    expect(progressOf(course, facts(...Object.keys(DONE)), 0)).toMatchObject({
      ...{ next: null, done: 7, percent: 100, complete: true },
    });
  });

  it('never goes back when more becomes known', () => {
    const random = randomOf('growing');
    for (let round = 0; round < 100; round += 1) {
      const known: string[] = [];
      let before = -1;
      for (const key of Object.keys(DONE).toSorted(() => random() - 0.5)) {
        known.push(key);
        const { done, total, percent, complete, next } = progressOf(course, facts(...known), 0);
        expect(done).toBe(before + 1 || 1);
        expect(percent).toBe(Math.floor((done * 100) / total));
        expect(complete).toBe(next === null);
        before = done;
      }
    }
  });
});
