import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readShippedCourses } from '../../../courses/content/index.ts';
import { parseArticle, picturesOf, type Block, type Inline } from '../../../courses/model/article.ts';
import type { CourseDocument, LessonKind, LessonOf } from '../../../courses/model/course-schema.ts';
import { readDrawing } from './read-drawing.ts';

const CONTENT = new URL('../../../courses/content/', import.meta.url);
const { trainees: catalogue } = JSON.parse(readFileSync('drizzle/reference/catalogue.json', 'utf8')) as {
  trainees: { levels: string[]; audiences: string[] };
};
/** No script, no link, no picture from elsewhere. */
const DRAWN_WITH = new Set(['svg', 'title', 'desc', 'style', 'rect', 'circle', 'ellipse', 'path', 'text']);
const shipped = readShippedCourses();

describe.each(shipped.map((one) => [one.course.title, one] as const))('%s', (_, { course, assets }) => {
  const articles = lessonsOf(course, 'article');
  const questions = lessonsOf(course, 'quiz').flatMap((quiz) => quiz.questions);

  it('has four articles or more, each of 800 characters or more with a drawing', () => {
    expect(articles.length).toBeGreaterThanOrEqual(4);
    for (const { key, body } of articles) {
      expect(body.match(/\p{Script=Han}/gu)?.length, key).toBeGreaterThanOrEqual(800);
      const pictures = picturesOf(parseArticle(body));
      expect(pictures.length, key).toBeGreaterThanOrEqual(1);
      // Read aloud in the picture's place.
      for (const { alt } of pictures) expect(alt.length, key).toBeGreaterThan(10);
    }
  });

  it('uses no Markdown that the pages do not draw', () => {
    for (const text of [
      ...articles.map(({ body }) => body),
      ...lessonsOf(course, 'task').map(({ brief }) => brief),
    ]) {
      for (const block of parseArticle(text)) {
        const plain = textOf(block)
          .filter(({ kind }) => kind === 'text')
          .map((inline) => inline.text);
        expect(plain.filter((words) => /[*_`#<>[\]|]/.test(words))).toEqual([]);
      }
    }
  });

  it('has only drawings that are well-formed, named and described, in the colours of the hub', () => {
    const tokens = new Set(readFileSync('web/styles/tokens.css', 'utf8').match(/#[0-9a-f]{6}\b/g));
    for (const [name, bytes] of assets) {
      const source = Buffer.from(bytes).toString('utf8');
      const drawing = readDrawing(source);
      expect(drawing.root, name).toBe('http://www.w3.org/2000/svg svg');
      expect(drawing.first, name).toEqual(['title', 'desc']);
      expect(drawing.title, name).toMatch(/\p{Script=Han}{2}/u);
      expect(drawing.desc.length, name).toBeGreaterThan(10);
      expect(
        [...drawing.elements].filter((element) => !DRAWN_WITH.has(element)),
        name,
      ).toEqual([]);
      expect(source, name).not.toMatch(/\s(on\w+|href|src)=|url\(|@import|@font-face/);
      expect(
        source.match(/#[0-9a-fA-F]{3,8}\b/g)?.filter((colour) => !tokens.has(colour)),
        name,
      ).toEqual([]);
      // As wide as a small phone, and written there at 14 px or more.
      expect(drawing.viewBox, name).toMatch(/^0 0 360 \d+$/);
      const sizes = [...source.matchAll(/font-size(?:="|: )(\d+)/g)].map(([, size]) => Number(size));
      expect(Math.min(...sizes), name).toBeGreaterThanOrEqual(14);
    }
  });

  it('asks ten questions or more, each explained, with a reason beside every wrong option', () => {
    expect(questions.length).toBeGreaterThanOrEqual(10);
    expect(new Set(questions.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(4);
    for (const question of questions) {
      expect(question.explanation.length, question.key).toBeGreaterThan(10);
      if (question.kind !== 'single' && question.kind !== 'multiple') continue;
      const right = question.kind === 'single' ? [question.answer] : question.answers;
      expect(right.length, question.key).toBeLessThan(question.options.length);
      for (const { key, why } of question.options)
        expect(why === undefined, `${question.key}.${key}`).toBe(right.includes(key));
    }
  });

  it('ends with one task that a trainer grades out of 100', () => {
    expect(course.lessons.filter(({ kind }) => kind === 'task')).toHaveLength(1);
    const task = course.lessons.at(-1) as LessonOf<'task'>;
    expect(task.completion.by).toBe('accepted');
    expect(task.criteria.reduce((sum, { points }) => sum + points, 0)).toBe(100);
  });

  it('names the catalogue’s level and audiences, and hours that its lessons take', () => {
    expect(catalogue.levels).toContain(course.level);
    for (const audience of course.audiences) expect(catalogue.audiences).toContain(audience);
    const minutes = course.lessons.reduce((sum, lesson) => sum + lesson.minutes, 0);
    expect(course.hours).toBe(Math.round(minutes / 45));
  });
});

it('ships every folder and every drawing that stands there', () => {
  const folders = readdirSync(CONTENT, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(shipped.map(({ course }) => course.key).sort()).toEqual(folders.map(({ name }) => name).sort());
  for (const { course, assets } of shipped) {
    const drawings = readdirSync(new URL(`${course.key}/drawings/`, CONTENT));
    expect([...assets.keys()].sort()).toEqual(drawings.map((name) => `drawings/${name}`).sort());
  }
});

function lessonsOf<Kind extends LessonKind>(course: CourseDocument, kind: Kind): LessonOf<Kind>[] {
  return course.lessons.filter((lesson): lesson is LessonOf<Kind> => lesson.kind === kind);
}

function textOf(block: Block): Inline[] {
  switch (block.kind) {
    case 'heading':
    case 'paragraph':
      return block.text;
    case 'list':
      return block.items.flat();
    case 'note':
      return block.text.flat();
    case 'table':
      return [block.head, ...block.rows].flat(2);
    case 'picture':
      return [];
  }
}
