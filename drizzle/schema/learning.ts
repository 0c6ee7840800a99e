import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/** A picture or file of a course, its bytes kept under their hash. */
export interface StoredAsset {
  /** As the course names it: `drawings/sorting.svg`. */
  name: string;
  sha256: string;
  mediaType: string;
  byteLength: number;
}

/** A course: what is taught. Its runs (期) say when, where and to whom. Its head is that of its newest version. */
export const courses = sqliteTable(
  'courses',
  {
    id: text().primaryKey(),
    title: text().notNull(),
    summary: text().notNull(),
    level: text().notNull(),
    audiences: text({ mode: 'json' }).$type<string[]>().notNull(),
    /** 理货 · 建仓 · 上网 · 开店, where the course belongs to one of the four steps. */
    fourStep: text('four_step'),
    /** 学时 (class hours of 45 minutes), as the course is announced. */
    hours: integer().notNull(),
    regionCode: text('region_code').notNull(),
    ownerAccountId: text('owner_account_id').notNull(),
    createdAt: text('created_at').notNull(),
    /** The same in every copy of the course; null: its id. */
    key: text(),
    /** What its author is writing, as far as it has come; null: nothing since the newest version. */
    draft: text({ mode: 'json' }).$type<Record<string, unknown>>(),
    /** Rises with every change of the draft. */
    draftRevision: integer('draft_revision').notNull().default(0),
    /** The newest version; null: it has no lessons of its own yet. */
    publishedVersion: integer('published_version'),
    /** No longer offered. Who has begun it goes on. */
    archivedAt: text('archived_at'),
    /** The course it was adopted from, and that course's version. */
    adoptedFromId: text('adopted_from_id'),
    adoptedVersion: integer('adopted_version'),
  },
  (t) => [
    index('courses_region').on(t.regionCode),
    index('courses_owner').on(t.ownerAccountId),
    index('courses_key').on(t.key),
  ],
);

/** What was published. Never changes. */
export const courseVersions = sqliteTable(
  'course_versions',
  {
    courseId: text('course_id')
      .notNull()
      .references(() => courses.id),
    version: integer().notNull(),
    document: text({ mode: 'json' }).$type<Record<string, unknown>>().notNull(),
    assets: text({ mode: 'json' }).$type<StoredAsset[]>().notNull(),
    /** SHA-256 over document and assets: the same content has the same hash on every hub. */
    contentHash: text('content_hash').notNull(),
    publishedAt: text('published_at').notNull(),
    publishedBy: text('published_by').notNull(),
  },
  (t) => [primaryKey({ columns: [t.courseId, t.version] })],
);

/** The pictures and files that the author of a draft has brought in. */
export const courseDraftAssets = sqliteTable(
  'course_draft_assets',
  {
    courseId: text('course_id')
      .notNull()
      .references(() => courses.id),
    name: text().notNull(),
    sha256: text().notNull(),
    mediaType: text('media_type').notNull(),
    byteLength: integer('byte_length').notNull(),
  },
  (t) => [primaryKey({ columns: [t.courseId, t.name] })],
);

/** That a person began a version of a course: they finish this one, whatever is published after. */
export const courseStarts = sqliteTable(
  'course_starts',
  {
    id: text().primaryKey(),
    courseId: text('course_id').notNull(),
    version: integer().notNull(),
    personId: text('person_id').notNull(),
    startedAt: text('started_at').notNull(),
    /** Where the learner was last. */
    lastLessonKey: text('last_lesson_key'),
    lastAt: text('last_at').notNull(),
    completedAt: text('completed_at'),
  },
  (t) => [
    uniqueIndex('course_starts_person').on(t.personId, t.courseId, t.version),
    index('course_starts_course').on(t.courseId),
  ],
);

/** How far a learner is in one lesson. */
export const lessonProgress = sqliteTable(
  'lesson_progress',
  {
    startId: text('start_id')
      .notNull()
      .references(() => courseStarts.id),
    lessonKey: text('lesson_key').notNull(),
    openedAt: text('opened_at').notNull(),
    readAt: text('read_at'),
    /** Of a video or replay: what was played, in seconds, as a union. */
    seen: text({ mode: 'json' }).$type<[number, number][]>().notNull(),
    lengthSeconds: integer('length_seconds').notNull().default(0),
    /** Where it was left, in seconds. */
    position: integer().notNull().default(0),
    /** When the player last told what was played. */
    reportedAt: text('reported_at'),
    bestPercent: integer('best_percent'),
    handedIn: integer('handed_in', { mode: 'boolean' }).notNull().default(false),
    accepted: integer({ mode: 'boolean' }).notNull().default(false),
  },
  (t) => [primaryKey({ columns: [t.startId, t.lessonKey] })],
);

/** What a learner's players remember on every device, and up to when their playing time is accounted for. */
export const learners = sqliteTable('learners', {
  personId: text('person_id').primaryKey(),
  /** Of playing, in hundredths. */
  speed: integer().notNull().default(100),
  captions: text(),
  playedUntil: text('played_until'),
});

export const quizAttempts = sqliteTable(
  'quiz_attempts',
  {
    /** Also the seed of its shuffling. */
    id: text().primaryKey(),
    startId: text('start_id')
      .notNull()
      .references(() => courseStarts.id),
    lessonKey: text('lesson_key').notNull(),
    ordinal: integer().notNull(),
    startedAt: text('started_at').notNull(),
    answers: text({ mode: 'json' }).$type<Record<string, string | string[] | boolean | number>>().notNull(),
    handedInAt: text('handed_in_at'),
    points: integer(),
    outOf: integer('out_of'),
    percent: integer(),
  },
  (t) => [uniqueIndex('quiz_attempts_ordinal').on(t.startId, t.lessonKey, t.ordinal)],
);

/** A photo that was handed in, without what its camera wrote beside it. */
export interface StoredPhoto {
  sha256: string;
  mediaType: string;
  byteLength: number;
}

/** Work that was handed in for a task, and what the trainer said of it. */
export const taskSubmissions = sqliteTable(
  'task_submissions',
  {
    id: text().primaryKey(),
    startId: text('start_id')
      .notNull()
      .references(() => courseStarts.id),
    lessonKey: text('lesson_key').notNull(),
    courseId: text('course_id').notNull(),
    personId: text('person_id').notNull(),
    /** Whose trainers grade it. */
    regionCode: text('region_code').notNull(),
    ordinal: integer().notNull(),
    note: text().notNull(),
    link: text(),
    photos: text({ mode: 'json' }).$type<StoredPhoto[]>().notNull(),
    handedInAt: text('handed_in_at').notNull(),
    verdict: text({ enum: ['accepted', 'returned'] }),
    comment: text(),
    /** By criterion. */
    points: text({ mode: 'json' }).$type<Record<string, number>>(),
    gradedAt: text('graded_at'),
    gradedBy: text('graded_by'),
  },
  (t) => [
    uniqueIndex('task_submissions_ordinal').on(t.startId, t.lessonKey, t.ordinal),
    index('task_submissions_queue').on(t.verdict, t.regionCode, t.handedInAt),
  ],
);

/** A learner's answers to a survey of a course. */
export const courseSurveyAnswers = sqliteTable(
  'course_survey_answers',
  {
    startId: text('start_id')
      .notNull()
      .references(() => courseStarts.id),
    lessonKey: text('lesson_key').notNull(),
    answers: text({ mode: 'json' }).$type<Record<string, string | string[] | number>>().notNull(),
    answeredAt: text('answered_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.startId, t.lessonKey] })],
);

/** The fact that a person completed a course: written once. */
export const courseCompletions = sqliteTable(
  'course_completions',
  {
    id: text().primaryKey(),
    startId: text('start_id').notNull().unique(),
    courseId: text('course_id').notNull(),
    courseKey: text('course_key').notNull(),
    version: integer().notNull(),
    personId: text('person_id').notNull(),
    occurredAt: text('occurred_at').notNull(),
    recordedAt: text('recorded_at').notNull(),
  },
  (t) => [index('course_completions_person').on(t.personId, t.courseKey)],
);
