import { describe, expect, it } from 'vitest';
import { assetsOf, checkCourse } from '../../../courses/model/check-course.ts';
import { sampleCourse } from './sample-course.ts';

const quizWith = (question: object) => ({
  ...sampleCourse(),
  lessons: [
    {
      ...{ kind: 'quiz', key: 'quiz', title: '测验', minutes: 5, completion: { by: 'handed-in' } },
      questions: [{ key: 'q', prompt: '问', explanation: '答', ...question }],
    },
  ],
});
const options = [
  { key: 'a', text: '一' },
  { key: 'b', text: '二' },
];
const articleWith = (body: string) => ({
  ...sampleCourse(),
  lessons: [{ kind: 'article', key: 'a', title: '文', minutes: 1, body, completion: { by: 'opened' } }],
});

describe('a course document', () => {
  it('is read with its defaults filled in, and again to the same', () => {
    const first = checkCourse(sampleCourse());
    if (!first.ok) throw new Error(JSON.stringify(first.faults));
    expect(first.course).toMatchObject({ prerequisites: [], key: 'rice-by-phone' });
    const quiz = first.course.lessons[4]!;
    expect(quiz).toMatchObject({ shuffle: true, questions: [{ points: 1 }, { points: 2 }, {}, {}, {}] });
    expect(checkCourse(JSON.parse(JSON.stringify(first.course)))).toEqual(first);
  });

  it.each([
    ['title missing', { ...sampleCourse(), title: undefined }, 'title', 'required'],
    ['title empty', sampleCourse({ title: '  ' }), 'title', 'required'],
    ['hours not whole', sampleCourse({ hours: 1.5 }), 'hours', 'type'],
    ['no lessons', sampleCourse({ lessons: [] }), 'lessons', 'too-small'],
    ['unknown order', { ...sampleCourse(), order: 'random' }, 'order', 'not-a-choice'],
    ['something unknown', { ...sampleCourse(), price: 3 }, '', 'unknown'],
    [
      'itself first',
      sampleCourse({ prerequisites: ['rice-by-phone'] }),
      'prerequisites.0',
      'own-prerequisite',
    ],
    ['cover outside', sampleCourse({ cover: '../secret.png' }), 'cover', 'format'],
    [
      'unknown lesson',
      { ...sampleCourse(), lessons: [{ kind: 'game', key: 'a', title: '玩' }] },
      'lessons.0.kind',
      'not-a-choice',
    ],
    [
      'a key twice',
      sampleCourse({ lessons: [sampleCourse().lessons[0]!, sampleCourse().lessons[0]!] }),
      'lessons.1.key',
      'key-twice',
    ],
    [
      'a rule of another kind',
      {
        ...sampleCourse(),
        lessons: [{ ...sampleCourse().lessons[0], completion: { by: 'watched', percent: 80 } }],
      },
      'lessons.0.completion.by',
      'not-a-choice',
    ],
    [
      'an answer that is no option',
      quizWith({ kind: 'single', options, answer: 'c' }),
      'lessons.0.questions.0.answer',
      'no-such-option',
    ],
    [
      'an answer twice',
      quizWith({ kind: 'multiple', options, answers: ['a', 'a'] }),
      'lessons.0.questions.0.answers.1',
      'answer-twice',
    ],
    [
      'an option twice',
      quizWith({ kind: 'order', items: [options[0], options[0]] }),
      'lessons.0.questions.0.items.1.key',
      'key-twice',
    ],
    [
      'a picture from elsewhere',
      articleWith('![图](https://x.cn/a.png)'),
      'lessons.0.body',
      'article-unreadable',
    ],
    ['a picture by a script', articleWith('![图](javascript:alert)'), 'lessons.0.body', 'article-unreadable'],
  ])('with %s is refused at its place', (_what, input, path, rule) => {
    const checked = checkCourse(input);
    expect(checked.ok).toBe(false);
    if (checked.ok) return;
    expect(checked.faults.map((fault) => [fault.path, fault.rule])).toContainEqual([path, rule]);
    for (const { sentence } of checked.faults) {
      expect(sentence['zh-CN']).toMatch(/\p{Script=Han}/u);
      expect(sentence.en).not.toBe('');
    }
  });

  it('names its assets once each', () => {
    const checked = checkCourse(sampleCourse());
    if (!checked.ok) throw new Error('not valid');
    expect(assetsOf(checked.course).map(({ name }) => name)).toEqual([
      'drawings/cover.svg',
      'drawings/baskets.svg',
      'slides/1.png',
      'slides/2.png',
    ]);
  });
});
