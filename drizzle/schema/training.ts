import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/**
 * A run (期) of a course: the counting unit of training. Region, level and required sessions decide what it counts for,
 * so they stand once it is made.
 */
export const runs = sqliteTable(
  'runs',
  {
    id: text().primaryKey(),
    courseId: text('course_id').notNull(),
    title: text().notNull(),
    regionCode: text('region_code').notNull(),
    trainerAccountId: text('trainer_account_id').notNull(),
    level: text().notNull(),
    form: text().notNull(),
    audiences: text({ mode: 'json' }).$type<string[]>().notNull(),
    hours: integer().notNull(),
    capacity: integer().notNull(),
    state: text({ enum: ['draft', 'open', 'closed'] }).notNull(),
    /** Sessions a person must have attended for the run to count them once. */
    requiredSessions: integer('required_sessions').notNull(),
    createdAt: text('created_at').notNull(),
    openedAt: text('opened_at'),
    closedAt: text('closed_at'),
  },
  (t) => [
    index('runs_region').on(t.regionCode),
    index('runs_course').on(t.courseId),
    index('runs_trainer').on(t.trainerAccountId),
  ],
);

/**
 * The programmes a run is held for. A statement of intent that shows a run whose days fall outside the programme;
 * what counts is decided by region and period (docs/decisions).
 */
export const runProgrammes = sqliteTable(
  'run_programmes',
  {
    runId: text('run_id')
      .notNull()
      .references(() => runs.id),
    programmeId: text('programme_id').notNull(),
    /** How the run's planned days fit the programme when the run was made. */
    fit: text({ enum: ['inside', 'outside-period'] }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.programmeId] })],
);

/** A session of a run: one class on one day. Training owns the link to the broadcast. */
export const trainingSessions = sqliteTable(
  'training_sessions',
  {
    id: text().primaryKey(),
    runId: text('run_id')
      .notNull()
      .references(() => runs.id),
    ordinal: integer().notNull(),
    title: text().notNull(),
    startsAt: text('starts_at').notNull(),
    endsAt: text('ends_at').notNull(),
    place: text(),
    broadcastId: text('broadcast_id'),
    /** Effective minutes of presence from which a person has attended. */
    thresholdMinutes: integer('threshold_minutes').notNull(),
  },
  (t) => [
    uniqueIndex('training_sessions_ordinal').on(t.runId, t.ordinal),
    uniqueIndex('training_sessions_broadcast').on(t.broadcastId),
  ],
);

export const enrolments = sqliteTable(
  'enrolments',
  {
    id: text().primaryKey(),
    runId: text('run_id')
      .notNull()
      .references(() => runs.id),
    personId: text('person_id').notNull(),
    method: text({ enum: ['self', 'assisted'] }).notNull(),
    recordedBy: text('recorded_by').notNull(),
    /** Why someone else enrolled the person, where they did. */
    assistedReason: text('assisted_reason'),
    enrolledAt: text('enrolled_at').notNull(),
    cancelledAt: text('cancelled_at'),
  },
  (t) => [
    uniqueIndex('enrolments_active')
      .on(t.runId, t.personId)
      .where(sql`cancelled_at IS NULL`),
    index('enrolments_person').on(t.personId),
  ],
);

/** The fact that a person attended a session. Never edited or deleted: a correction voids it and adds another. */
export const attendances = sqliteTable(
  'attendances',
  {
    id: text().primaryKey(),
    sessionId: text('session_id')
      .notNull()
      .references(() => trainingSessions.id),
    runId: text('run_id').notNull(),
    personId: text('person_id').notNull(),
    method: text({ enum: ['live-presence'] }).notNull(),
    effectiveSeconds: integer('effective_seconds').notNull(),
    thresholdMinutes: integer('threshold_minutes').notNull(),
    rule: text().notNull(),
    ruleVersion: integer('rule_version').notNull(),
    occurredAt: text('occurred_at').notNull(),
    recordedAt: text('recorded_at').notNull(),
    recordedBy: text('recorded_by').notNull(),
    voidedAt: text('voided_at'),
    voidedBy: text('voided_by'),
    voidReason: text('void_reason'),
  },
  (t) => [
    uniqueIndex('attendances_standing')
      .on(t.sessionId, t.personId)
      .where(sql`voided_at IS NULL`),
    index('attendances_run').on(t.runId, t.personId),
    index('attendances_person').on(t.personId),
  ],
);

/** Attendance that was measured but refused on entry as impossible: the same person in two sessions at one time. */
export const attendanceRefusals = sqliteTable(
  'attendance_refusals',
  {
    sessionId: text('session_id')
      .notNull()
      .references(() => trainingSessions.id),
    personId: text('person_id').notNull(),
    reason: text({ enum: ['two-sessions-at-once'] }).notNull(),
    conflictingAttendanceId: text('conflicting_attendance_id').notNull(),
    effectiveSeconds: integer('effective_seconds').notNull(),
    /** When the threshold had been reached; kept, so that the presence can be judged again. */
    occurredAt: text('occurred_at').notNull().default(''),
    refusedAt: text('refused_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.sessionId, t.personId] })],
);

/** One answer per attendee per run. The free text is sealed: people write names and phone numbers into it. */
export const surveyAnswers = sqliteTable(
  'survey_answers',
  {
    id: text().primaryKey(),
    runId: text('run_id')
      .notNull()
      .references(() => runs.id),
    personId: text('person_id').notNull(),
    /** 5 很满意 · 4 满意 · 3 一般 · 2 不满意 · 1 很不满意 */
    overall: integer().notNull(),
    items: text({ mode: 'json' }).$type<Record<string, number>>().notNull(),
    commentSealed: text('comment_sealed'),
    method: text({ enum: ['self', 'assisted', 'paper'] }).notNull(),
    surveyVersion: integer('survey_version').notNull(),
    occurredAt: text('occurred_at').notNull(),
    recordedAt: text('recorded_at').notNull(),
    recordedBy: text('recorded_by').notNull(),
    voidedAt: text('voided_at'),
    voidedBy: text('voided_by'),
    voidReason: text('void_reason'),
  },
  (t) => [
    uniqueIndex('survey_answers_standing')
      .on(t.runId, t.personId)
      .where(sql`voided_at IS NULL`),
  ],
);
