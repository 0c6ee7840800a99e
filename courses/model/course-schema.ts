import { z } from 'zod';
import { assetName, key, question, surveyQuestion } from './question-schema.ts';

const words = (max: number) => z.string().trim().min(1).max(max);
const percent = z.int().min(1).max(100);
/** The subset of Markdown that `article.ts` reads; pictures by their asset name. */
const markdown = z.string().trim().min(1).max(60_000);

/** Done when the server has seen this share of it played, each second counted once. */
const watched = z.strictObject({ by: z.literal('watched'), percent });
const opened = z.strictObject({ by: z.literal('opened') });
/** Done when the learner says so, no sooner than it can be read (`reading.ts`). */
const read = z.strictObject({ by: z.literal('read') });
const passed = z.strictObject({ by: z.literal('passed'), percent });
const accepted = z.strictObject({ by: z.literal('accepted') });
const handedIn = z.strictObject({ by: z.literal('handed-in') });

const common = {
  key,
  title: words(80),
  /** How long the learner needs for it, as announced. */
  minutes: z.int().min(1).max(600),
  /** Due so many days after the learner began the course. */
  dueDays: z.int().min(1).max(730).optional(),
};

export const lesson = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('video'),
    ...common,
    videoId: z.uuid(),
    completion: z.discriminatedUnion('by', [watched, opened]),
  }),
  /** A broadcast and its replay. */
  z.strictObject({
    kind: z.literal('live'),
    ...common,
    broadcastId: z.uuid(),
    completion: z.discriminatedUnion('by', [watched, opened]),
  }),
  /** Each page is a picture; `file` is the document itself, to keep or print. */
  z.strictObject({
    kind: z.literal('document'),
    ...common,
    pages: z.array(assetName).min(1).max(200),
    file: assetName.optional(),
    completion: z.discriminatedUnion('by', [read, opened]),
  }),
  z.strictObject({
    kind: z.literal('article'),
    ...common,
    body: markdown,
    completion: z.discriminatedUnion('by', [read, opened]),
  }),
  z.strictObject({
    kind: z.literal('quiz'),
    ...common,
    questions: z.array(question).min(1).max(100),
    shuffle: z.boolean().default(true),
    /** How often it may be handed in; null: as often as one likes. */
    attempts: z.int().min(1).max(20).nullable().default(null),
    completion: z.discriminatedUnion('by', [passed, handedIn]),
  }),
  z.strictObject({
    kind: z.literal('task'),
    ...common,
    brief: markdown,
    /** What the trainer looks at, with the points each is worth. */
    criteria: z
      .array(z.strictObject({ key, text: words(200), points: z.int().min(1).max(100) }))
      .min(1)
      .max(12),
    handIn: z
      .array(z.enum(['photo', 'link']))
      .min(1)
      .max(2),
    completion: z.discriminatedUnion('by', [accepted, handedIn]),
  }),
  z.strictObject({
    kind: z.literal('survey'),
    ...common,
    questions: z.array(surveyQuestion).min(1).max(30),
    completion: handedIn,
  }),
]);

/**
 * A course as it is written, versioned, exported and shipped. Level, audiences and four-step are the catalogue's words;
 * the server checks them against it.
 */
export const courseDocument = z.strictObject({
  /** The same in every copy of the course, on every hub. */
  key,
  title: words(80),
  summary: words(2000),
  level: words(20),
  audiences: z.array(words(30)).min(1).max(30),
  /** 学时 (class hours of 45 minutes). */
  hours: z.int().min(1).max(500),
  fourStep: words(10).optional(),
  cover: assetName.optional(),
  /** `sequence`: a lesson opens when all before it are done. */
  order: z.enum(['sequence', 'free']),
  /** Keys of the courses to be completed first. */
  prerequisites: z.array(key).max(10).default([]),
  lessons: z.array(lesson).min(1).max(80),
});

export type CourseDocument = z.infer<typeof courseDocument>;
/** As it is written by hand, defaults left out. */
export type CourseManuscript = z.input<typeof courseDocument>;
export type Lesson = z.infer<typeof lesson>;
export type LessonKind = Lesson['kind'];
export type LessonOf<Kind extends LessonKind> = Extract<Lesson, { kind: Kind }>;
