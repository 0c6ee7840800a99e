import { parseArticle, picturesOf } from './article.ts';
import { courseDocument, type CourseDocument, type Lesson } from './course-schema.ts';
import { faultAt, faultsOf, type CourseFault } from './faults.ts';
import type { Question } from './question-schema.ts';

export type CheckedCourse =
  | { ok: true; course: CourseDocument }
  /** At least one fault. */
  | { ok: false; faults: CourseFault[] };

/** Reads a course from anything, defaults filled in. What a schema cannot say (keys, answers) is looked at once the form is right. */
export function checkCourse(input: unknown): CheckedCourse {
  const parsed = courseDocument.safeParse(input);
  if (!parsed.success) return { ok: false, faults: faultsOf(parsed.error) };
  const course = parsed.data;
  const faults = [
    ...repeatedKeys(course.lessons, 'lessons'),
    ...course.lessons.flatMap((lesson, n) => lessonFaults(lesson, `lessons.${n}`)),
  ];
  course.prerequisites.forEach((key, n) => {
    if (key === course.key) faults.push(faultAt(`prerequisites.${n}`, 'own-prerequisite'));
  });
  return faults.length > 0 ? { ok: false, faults } : { ok: true, course };
}

function lessonFaults(lesson: Lesson, path: string): CourseFault[] {
  switch (lesson.kind) {
    case 'quiz':
      return [
        ...repeatedKeys(lesson.questions, `${path}.questions`),
        ...lesson.questions.flatMap((question, n) => questionFaults(question, `${path}.questions.${n}`)),
      ];
    case 'survey':
      return [
        ...repeatedKeys(lesson.questions, `${path}.questions`),
        ...lesson.questions.flatMap((question, n) =>
          question.kind === 'choice' ? repeatedKeys(question.options, `${path}.questions.${n}.options`) : [],
        ),
      ];
    case 'task':
      return [
        ...repeatedKeys(lesson.criteria, `${path}.criteria`),
        ...articleFaults(lesson.brief, `${path}.brief`),
      ];
    case 'article':
      return articleFaults(lesson.body, `${path}.body`);
    case 'video':
    case 'live':
    case 'document':
      return [];
  }
}

function questionFaults(question: Question, path: string): CourseFault[] {
  switch (question.kind) {
    case 'single': {
      const known = question.options.some(({ key }) => key === question.answer);
      return [
        ...repeatedKeys(question.options, `${path}.options`),
        ...(known ? [] : [faultAt(`${path}.answer`, 'no-such-option')]),
      ];
    }
    case 'multiple': {
      const known = new Set(question.options.map(({ key }) => key));
      return [
        ...repeatedKeys(question.options, `${path}.options`),
        ...question.answers.flatMap((answer, n) => {
          if (!known.has(answer)) return [faultAt(`${path}.answers.${n}`, 'no-such-option')];
          return question.answers.indexOf(answer) < n
            ? [faultAt(`${path}.answers.${n}`, 'answer-twice')]
            : [];
        }),
      ];
    }
    case 'order':
      return repeatedKeys(question.items, `${path}.items`);
    case 'true-false':
    case 'number':
      return [];
  }
}

function articleFaults(body: string, path: string): CourseFault[] {
  const badPicture = picturesOf(parseArticle(body)).some(({ asset }) => asset === null);
  return badPicture ? [faultAt(path, 'article-unreadable')] : [];
}

function repeatedKeys(things: readonly { key: string }[], path: string): CourseFault[] {
  const seen = new Set<string>();
  return things.flatMap(({ key }, n) => {
    if (seen.has(key)) return [faultAt(`${path}.${n}.key`, 'key-twice')];
    seen.add(key);
    return [];
  });
}

/** Every asset that the course needs, each once, in the order of their first use, with the place that names it. */
export function assetsOf(course: CourseDocument): { name: string; path: string }[] {
  const found = new Map<string, string>();
  const note = (name: string | null | undefined, path: string) => {
    if (name != null && !found.has(name)) found.set(name, path);
  };
  note(course.cover, 'cover');
  course.lessons.forEach((lesson, n) => {
    const path = `lessons.${n}`;
    if (lesson.kind === 'document') {
      lesson.pages.forEach((page, at) => note(page, `${path}.pages.${at}`));
      note(lesson.file, `${path}.file`);
    }
    if (lesson.kind === 'article') notePictures(lesson.body, `${path}.body`);
    if (lesson.kind === 'task') notePictures(lesson.brief, `${path}.brief`);
    if (lesson.kind === 'quiz')
      lesson.questions.forEach(({ picture }, at) => note(picture, `${path}.questions.${at}.picture`));
  });
  function notePictures(body: string, path: string): void {
    for (const { asset } of picturesOf(parseArticle(body))) note(asset, path);
  }
  return [...found].map(([name, path]) => ({ name, path }));
}
