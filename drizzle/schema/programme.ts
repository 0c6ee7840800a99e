import { index, integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** A programme a county or prefecture works in, copied from the catalogue to its own dates, counties and targets. */
export const programmes = sqliteTable('programmes', {
  id: text().primaryKey(),
  catalogueId: text('catalogue_id').notNull(),
  name: text().notNull(),
  document: text().notNull(),
  /** Calendar days in Asia/Shanghai, both included. */
  startsOn: text('starts_on').notNull(),
  endsOn: text('ends_on').notNull(),
  stages: text({ mode: 'json' }).$type<{ name: string; startsOn: string; endsOn: string }[]>().notNull(),
  createdAt: text('created_at').notNull(),
  createdBy: text('created_by').notNull(),
});

export const programmeRegions = sqliteTable(
  'programme_regions',
  {
    programmeId: text('programme_id')
      .notNull()
      .references(() => programmes.id),
    regionCode: text('region_code').notNull(),
  },
  (t) => [primaryKey({ columns: [t.programmeId, t.regionCode] })],
);

/** A target as its document states it. `perCounty`: it must be met by every county of the programme by itself. */
export const indicatorTargets = sqliteTable(
  'indicator_targets',
  {
    programmeId: text('programme_id')
      .notNull()
      .references(() => programmes.id),
    indicatorCode: text('indicator_code').notNull(),
    value: real().notNull(),
    operator: text({ enum: ['>=', '>', '<=', '='] }).notNull(),
    perCounty: integer('per_county', { mode: 'boolean' }).notNull(),
    clause: text().notNull(),
    dueOn: text('due_on').notNull(),
  },
  (t) => [primaryKey({ columns: [t.programmeId, t.indicatorCode] })],
);

/** Evidence rows, projected from training's news: one a standing or voided attendance. Carries no personal data. */
export const attendanceEvidence = sqliteTable(
  'attendance_evidence',
  {
    attendanceId: text('attendance_id').primaryKey(),
    sessionId: text('session_id').notNull(),
    runId: text('run_id').notNull(),
    personId: text('person_id').notNull(),
    regionCode: text('region_code').notNull(),
    level: text().notNull(),
    requiredSessions: integer('required_sessions').notNull(),
    verified: integer({ mode: 'boolean' }).notNull(),
    occurredAt: text('occurred_at').notNull(),
    recordedAt: text('recorded_at').notNull(),
    voidedAt: text('voided_at'),
  },
  (t) => [index('attendance_evidence_region').on(t.regionCode, t.occurredAt)],
);

export const surveyEvidence = sqliteTable(
  'survey_evidence',
  {
    answerId: text('answer_id').primaryKey(),
    runId: text('run_id').notNull(),
    personId: text('person_id').notNull(),
    regionCode: text('region_code').notNull(),
    overall: integer().notNull(),
    method: text().notNull(),
    occurredAt: text('occurred_at').notNull(),
    recordedAt: text('recorded_at').notNull(),
    voidedAt: text('voided_at'),
  },
  (t) => [index('survey_evidence_region').on(t.regionCode, t.occurredAt)],
);
