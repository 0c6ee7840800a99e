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

/** A target as its document states it. */
export const indicatorTargets = sqliteTable(
  'indicator_targets',
  {
    programmeId: text('programme_id')
      .notNull()
      .references(() => programmes.id),
    indicatorCode: text('indicator_code').notNull(),
    /** `each-county`: every county must meet it by itself. `whole`: the programme's regions together. `by-county`: each its own. */
    scope: text({ enum: ['whole', 'each-county', 'by-county'] }).notNull(),
    /** In the indicator's unit; 1 for a 是 of a yes-or-no target. Null where the document cannot be read, or `by-county`. */
    value: real(),
    valueByCounty: text('value_by_county', { mode: 'json' }).$type<Record<string, number>>(),
    operator: text({ enum: ['>=', '>', '<=', '=', 'is'] }).notNull(),
    clause: text().notNull(),
    note: text(),
    /** The calendar day by which it is due, Asia/Shanghai. */
    dueOn: text('due_on').notNull(),
  },
  (t) => [primaryKey({ columns: [t.programmeId, t.indicatorCode] })],
);

/** Evidence rows, projected from training's news: what the rules must know of a run. */
export const runEvidence = sqliteTable(
  'run_evidence',
  {
    runId: text('run_id').primaryKey(),
    regionCode: text('region_code').notNull(),
    level: text().notNull(),
    requiredSessions: integer('required_sessions').notNull(),
    /** The programmes it was held for; see docs/decisions for what such a link means. */
    programmeIds: text('programme_ids', { mode: 'json' }).$type<string[]>().notNull(),
  },
  (t) => [index('run_evidence_region').on(t.regionCode)],
);

/** One row a standing or voided attendance. Carries no personal data. */
export const attendanceEvidence = sqliteTable(
  'attendance_evidence',
  {
    attendanceId: text('attendance_id').primaryKey(),
    sessionId: text('session_id').notNull(),
    runId: text('run_id').notNull(),
    personId: text('person_id').notNull(),
    method: text().notNull(),
    occurredAt: text('occurred_at').notNull(),
    recordedAt: text('recorded_at').notNull(),
    voidedAt: text('voided_at'),
  },
  (t) => [index('attendance_evidence_run').on(t.runId), index('attendance_evidence_person').on(t.personId)],
);

export const surveyEvidence = sqliteTable(
  'survey_evidence',
  {
    answerId: text('answer_id').primaryKey(),
    runId: text('run_id').notNull(),
    personId: text('person_id').notNull(),
    /** 5 很满意 … 1 很不满意 */
    overall: integer().notNull(),
    method: text().notNull(),
    occurredAt: text('occurred_at').notNull(),
    recordedAt: text('recorded_at').notNull(),
    voidedAt: text('voided_at'),
  },
  (t) => [index('survey_evidence_run').on(t.runId)],
);

/** Raised with every change to what a run counts, so that only such runs are counted again. Never taken back. */
export const runEvidenceVersions = sqliteTable('run_evidence_versions', {
  runId: text('run_id').primaryKey(),
  version: integer().notNull(),
});

/** When a person's identity was verified; no row, no verification. */
export const verificationEvidence = sqliteTable('verification_evidence', {
  personId: text('person_id').primaryKey(),
  verifiedAt: text('verified_at').notNull(),
});

/** Which persons are one, from when and until when the hub held so. Facts about `personId` count for `intoPersonId`. */
export const mergeEvidence = sqliteTable(
  'merge_evidence',
  {
    mergeId: text('merge_id').primaryKey(),
    personId: text('person_id').notNull(),
    intoPersonId: text('into_person_id').notNull(),
    mergedAt: text('merged_at').notNull(),
    undoneAt: text('undone_at'),
  },
  (t) => [index('merge_evidence_person').on(t.personId), index('merge_evidence_into').on(t.intoPersonId)],
);

/** How far the evidence has come: the last fact applied. One row. */
export const evidenceProgress = sqliteTable('evidence_progress', {
  id: integer().primaryKey(),
  seq: integer().notNull(),
  factRecordedAt: text('fact_recorded_at').notNull(),
  appliedAt: text('applied_at').notNull(),
});
