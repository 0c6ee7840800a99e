import type { CourseManuscript } from '../../../../courses/model/course-schema.ts';

/** A course as its author's page holds it: complete or not, defaults filled in where there is a choice to make. */
export type Manuscript = CourseManuscript;
export type EditedLesson = Manuscript['lessons'][number];
export type LessonIn<Kind extends EditedLesson['kind']> = Extract<EditedLesson, { kind: Kind }>;
export type EditedQuestion = LessonIn<'quiz'>['questions'][number];
export type EditedSurveyQuestion = LessonIn<'survey'>['questions'][number];

/** A draft may lack anything: what the page loops over is there. */
export function asManuscript(document: Record<string, unknown>): Manuscript {
  const known = document as Partial<Manuscript>;
  const lessons = Array.isArray(known.lessons) ? known.lessons : [];
  return { order: 'sequence', prerequisites: [], ...known, lessons } as Manuscript;
}

/** A key that none of these has: `lesson-3`. */
export function freshKey(stem: string, taken: readonly { key: string }[]): string {
  const used = new Set(taken.map(({ key }) => key));
  let n = taken.length + 1;
  while (used.has(`${stem}-${n}`)) n += 1;
  return `${stem}-${n}`;
}

/** An empty lesson of a kind, with the rule that is usual for it. */
export function newLesson(kind: EditedLesson['kind'], lessons: readonly EditedLesson[]): EditedLesson {
  const common = { key: freshKey('lesson', lessons), title: '', minutes: 10 };
  switch (kind) {
    case 'article':
      return { kind, ...common, body: '', completion: { by: 'read' } };
    case 'video':
      return { kind, ...common, videoId: '', completion: { by: 'watched', percent: 80 } };
    case 'live':
      return { kind, ...common, broadcastId: '', completion: { by: 'watched', percent: 60 } };
    case 'document':
      return { kind, ...common, pages: [], completion: { by: 'read' } };
    case 'quiz':
      return {
        ...{ kind, ...common, shuffle: true, attempts: null, completion: { by: 'passed', percent: 60 } },
        questions: [newQuestion('single', [])],
      };
    case 'task':
      return {
        ...{ kind, ...common, brief: '', handIn: ['photo'], completion: { by: 'accepted' } },
        criteria: [{ key: 'point-1', text: '', points: 10 }],
      };
    case 'survey':
      return {
        ...{ kind, ...common, completion: { by: 'handed-in' } },
        questions: [{ kind: 'rating', key: 'question-1', prompt: '' }],
      };
  }
}

export function newQuestion(
  kind: EditedQuestion['kind'],
  questions: readonly EditedQuestion[],
): EditedQuestion {
  const common = { key: freshKey('question', questions), prompt: '', explanation: '', points: 1 };
  const options = [
    { key: 'a', text: '' },
    { key: 'b', text: '' },
  ];
  switch (kind) {
    case 'single':
      return { kind, ...common, options, answer: 'a' };
    case 'multiple':
      return { kind, ...common, options, answers: ['a'] };
    case 'true-false':
      return { kind, ...common, answer: true };
    case 'order':
      return { kind, ...common, items: options };
    case 'number':
      return { kind, ...common, answer: 0, tolerance: 0 };
  }
}

export function newSurveyQuestion(
  kind: EditedSurveyQuestion['kind'],
  questions: readonly EditedSurveyQuestion[],
): EditedSurveyQuestion {
  const common = { key: freshKey('question', questions), prompt: '' };
  if (kind !== 'choice') return { kind, ...common };
  return {
    kind,
    ...common,
    many: false,
    options: [
      { key: 'a', text: '' },
      { key: 'b', text: '' },
    ],
  };
}

/** The same things with the one at `from` moved by a place; where there is none to go to, as they were. */
export function reordered<Thing>(things: readonly Thing[], from: number, by: 1 | -1): Thing[] {
  const next = [...things];
  const [thing] = next.splice(from, 1);
  if (thing !== undefined) next.splice(Math.min(things.length - 1, Math.max(0, from + by)), 0, thing);
  return next;
}
