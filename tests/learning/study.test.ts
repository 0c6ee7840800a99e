import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { courseCompletions } from '../../drizzle/schema/learning.ts';
import { outbox } from '../../drizzle/schema/platform.ts';
import type { Actor } from '../../server/platform/access/actor.ts';
import { openTestHub, type TestHub } from '../support/open-test-hub.ts';
import {
  article,
  film,
  newCourse,
  newLearner,
  newTrainer,
  newVideo,
  publishNext,
  quiz,
} from './course-support.ts';

let t: TestHub;
let trainer: Actor;
let nowMs = Date.parse('2026-11-25T02:00:00Z');
const pass = (seconds: number) => (nowMs += seconds * 1000);

beforeAll(async () => {
  t = await openTestHub({ clock: { now: () => nowMs } });
  trainer = await newTrainer(t);
});
afterAll(() => t.close());

/** A learner in a course with one film of so many seconds. */
async function watching(seconds = 100, percent = 80) {
  const learner = await newLearner(t);
  const id = await newCourse(t, trainer, [film(await newVideo(t, { seconds }), percent)]);
  await t.hub.learning.startCourse(learner, id);
  await t.hub.learning.readLesson(learner, id, 'film');
  const report = (spans: [number, number][], position = spans.at(-1)?.[1] ?? 0) =>
    t.hub.learning.reportSeen(learner, id, 'film', { spans, position });
  const page = () => t.hub.learning.readLesson(learner, id, 'film');
  return { learner, id, report, page };
}

describe('a film in a course', () => {
  it('is done when its share was played, each second counted once', async () => {
    const { report, page } = await watching();
    pass(60);
    await report([
      [0, 40],
      [0, 40],
    ]);
    expect((await page()).player).toMatchObject({ seenPercent: 40, position: 40 });
    pass(60);
    await report([[20, 79]]);
    expect(await page()).toMatchObject({ player: { seenPercent: 79 }, lesson: { state: 'under-way' } });
    pass(10);
    await report([[79, 80]]);
    expect(await page()).toMatchObject({ lesson: { state: 'done' }, course: { complete: true } });
  });

  it('believes no script that claims an hour in a second', async () => {
    const { report, page } = await watching(3_600);
    pass(1);
    await report([[0, 3_600]]);
    expect((await page()).player!.seenPercent).toBe(0);
    for (let n = 0; n < 50; n += 1) await report([[n * 60, n * 60 + 60]]);
    // Each of fifty reports in the same second may be late by two; an hour is far away.
    expect((await page()).player!.seenPercent).toBeLessThan(6);
  });

  it('believes no script that plays many films at once', async () => {
    const learner = await newLearner(t);
    const ids = await Promise.all(
      Array.from({ length: 5 }, async () =>
        newCourse(t, trainer, [film(await newVideo(t, { seconds: 100 }))]),
      ),
    );
    for (const id of ids) {
      await t.hub.learning.startCourse(learner, id);
      await t.hub.learning.readLesson(learner, id, 'film');
    }
    pass(50);
    let seen = 0;
    for (const id of ids) {
      await t.hub.learning.reportSeen(learner, id, 'film', { spans: [[0, 100]], position: 100 });
      seen += (await t.hub.learning.readLesson(learner, id, 'film')).player!.seenPercent;
    }
    expect(seen).toBeLessThanOrEqual(100 + 5 * 4);
  });

  it('counts nothing beyond its end, nor what was never opened', async () => {
    const { id, report, page } = await watching(50);
    pass(3_600);
    await report([[50, 9_999]]);
    expect((await page()).player!.seenPercent).toBe(0);
    const stranger = await newLearner(t);
    const telling = t.hub.learning.reportSeen(stranger, id, 'film', { spans: [[0, 50]], position: 50 });
    await expect(telling).rejects.toMatchObject({ code: 'course.not-started' });
  });

  it('goes on where it was left, as fast and with the captions it had, on any device', async () => {
    const { learner, id, page } = await watching();
    pass(30);
    const told = { spans: [[0, 30]] as [number, number][], position: 30.7, speed: 1.5, captions: 'zh-CN' };
    await t.hub.learning.reportSeen(learner, id, 'film', told);
    expect((await page()).player).toMatchObject({ position: 30, speed: 1.5, captions: 'zh-CN' });
    const other = await newCourse(t, trainer, [film(await newVideo(t, { seconds: 10 }))]);
    await t.hub.learning.startCourse(learner, other);
    const elsewhere = await t.hub.learning.readLesson(learner, other, 'film');
    expect(elsewhere.player).toMatchObject({ position: 0, speed: 1.5, captions: 'zh-CN' });
  });
});

describe('a course on its way', () => {
  it('opens lesson by lesson, each read no sooner than it can be', async () => {
    const learner = await newLearner(t);
    const id = await newCourse(t, trainer, [article('one'), article('two')]);
    await expect(t.hub.learning.readLesson(learner, id, 'one')).rejects.toMatchObject({
      code: 'course.not-started',
    });
    expect(await t.hub.learning.startCourse(learner, id)).toEqual({ version: 1, next: 'one' });
    await expect(t.hub.learning.readLesson(learner, id, 'two')).rejects.toMatchObject({
      code: 'lesson.locked',
    });
    expect((await t.hub.learning.readLesson(learner, id, 'one')).reading).toEqual({
      read: false,
      secondsLeft: 10,
    });
    pass(9);
    await expect(t.hub.learning.markRead(learner, id, 'one')).rejects.toMatchObject({
      code: 'lesson.too-soon',
      params: { seconds: 1 },
    });
    pass(1);
    await t.hub.learning.markRead(learner, id, 'one');
    const [mine] = await t.hub.learning.listMyCourses(learner);
    expect(mine).toMatchObject({ courseId: id, done: 1, total: 2, percent: 50, next: { key: 'two' } });
    await t.hub.learning.readLesson(learner, id, 'two');
    pass(10);
    await t.hub.learning.markRead(learner, id, 'two');
    expect((await t.hub.learning.listMyCourses(learner))[0]).toMatchObject({ percent: 100, next: null });
  });

  it('is completed once, with one piece of news, however often it is asked', async () => {
    const learner = await newLearner(t);
    const id = await newCourse(t, trainer, [article('one', '短')]);
    await t.hub.learning.startCourse(learner, id);
    await Promise.all(Array.from({ length: 5 }, () => t.hub.learning.markRead(learner, id, 'one')));
    const facts = await t.hub.db.select().from(courseCompletions).where(eq(courseCompletions.courseId, id));
    expect(facts).toEqual([
      expect.objectContaining({ personId: learner.personId, version: 1, courseKey: id }),
    ]);
    const news = await t.hub.db.select().from(outbox).where(eq(outbox.type, 'learning.course-completed'));
    const told = news.filter(({ payload }) => (payload as { courseId: string }).courseId === id);
    expect(told.map(({ payload }) => payload)).toEqual([
      expect.objectContaining({ completionId: facts[0]!.id, personId: learner.personId }),
    ]);
  });

  it('is finished in the version it was begun in', async () => {
    const id = await newCourse(t, trainer, [article('one', '短'), article('two', '短')]);
    const early = await newLearner(t);
    await t.hub.learning.startCourse(early, id);
    await t.hub.learning.markRead(early, id, 'one');
    await publishNext(t, trainer, id, [article('new', '新')]);
    const late = await newLearner(t);
    expect(await t.hub.learning.startCourse(late, id)).toEqual({ version: 2, next: 'new' });
    expect(await t.hub.learning.startCourse(early, id)).toEqual({ version: 1, next: 'two' });
    expect((await t.hub.learning.readCourse(early, id)).lessons.map(({ key }) => key)).toEqual([
      'one',
      'two',
    ]);
    await t.hub.learning.markRead(early, id, 'two');
    expect((await t.hub.learning.listMyCourses(early))[0]).toMatchObject({ version: 1, percent: 100 });
    // Whoever has finished may take the newer one.
    expect(await t.hub.learning.startCourse(early, id)).toEqual({ version: 2, next: 'new' });
  });

  it('comes after its prerequisites, in whichever copy they were completed', async () => {
    const first = await newCourse(t, trainer, [article('one', '短')]);
    const { id: copy } = await t.hub.learning.adopt(await newTrainer(t), first, '533103');
    const second = await newCourse(t, trainer, [article('one', '短')], { prerequisites: [first] });
    const learner = await newLearner(t);
    await expect(t.hub.learning.startCourse(learner, second)).rejects.toMatchObject({
      code: 'course.prerequisites',
      params: { titles: '贡米上网' },
    });
    await t.hub.learning.startCourse(learner, copy);
    await t.hub.learning.markRead(learner, copy, 'one');
    expect((await t.hub.learning.readCourse(learner, second)).prerequisites).toMatchObject([
      { key: first, completed: true },
    ]);
    await t.hub.learning.startCourse(learner, second);
  });

  it('tells when its lessons are due', async () => {
    const id = await newCourse(t, trainer, [{ ...article('one'), dueDays: 3 }]);
    const learner = await newLearner(t);
    await t.hub.learning.startCourse(learner, id);
    const due = new Date(nowMs + 3 * 86_400_000).toISOString();
    expect((await t.hub.learning.readCourse(learner, id)).lessons[0]!.dueAt).toBe(due);
  });
});

describe('a quiz in a course', () => {
  it('is kept through a reload, marked once, explained where wrong and repeated within its limit', async () => {
    const id = await newCourse(t, trainer, [quiz({ attempts: 2 })]);
    const learner = await newLearner(t);
    await t.hub.learning.startCourse(learner, id);
    const open = await t.hub.learning.beginAttempt(learner, id, 'quiz');
    expect(JSON.stringify(open)).not.toMatch(/是对的|是错的|"answer"/);
    await t.hub.learning.keepAnswers(learner, id, 'quiz', { a: false, nobody: true });
    const again = await t.hub.learning.beginAttempt(learner, id, 'quiz');
    expect(again).toEqual({ ...open, answers: { a: false } });
    const marked = await t.hub.learning.handInQuiz(learner, id, 'quiz', { b: true });
    expect(marked).toMatchObject({ percent: 0, passed: false, answers: { a: false, b: true } });
    expect(marked.questions.map(({ explanation }) => explanation)).toEqual(['甲是对的', '乙是错的']);
    await expect(t.hub.learning.handInQuiz(learner, id, 'quiz', {})).rejects.toMatchObject({
      code: 'quiz.no-attempt',
    });
    await t.hub.learning.beginAttempt(learner, id, 'quiz');
    await t.hub.learning.handInQuiz(learner, id, 'quiz', { a: true });
    expect(await t.hub.learning.readLesson(learner, id, 'quiz')).toMatchObject({
      lesson: { state: 'done' },
      quiz: { attemptsLeft: 0, bestPercent: 50, open: null, last: { ordinal: 2 } },
    });
    await expect(t.hub.learning.beginAttempt(learner, id, 'quiz')).rejects.toMatchObject({
      code: 'quiz.no-attempts-left',
    });
  });
});
