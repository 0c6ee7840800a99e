import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/** How it is known that a person attended. */
export const ATTENDANCE_METHODS = [
  'live-presence',
  'replay',
  'qr',
  'short-number',
  'roll-call',
  'paper',
  'assisted',
] as const;

/** What can be odd about an attendance without making it impossible. */
export const ATTENDANCE_FLAGS = [
  'late-upload',
  'shared-phone',
  'before-opening',
  'left-early',
  'far-away',
] as const;

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
    /** Whoever signs in has attended only once they have signed out. */
    asksSignOut: integer('asks_sign_out', { mode: 'boolean' }).notNull().default(false),
    /** Watching the replay for as long counts as well. */
    replayCounts: integer('replay_counts', { mode: 'boolean' }).notNull().default(false),
    /** Where it is held, by the trainer's phone, in degrees; with it, whoever signs in far away is flagged. */
    latitude: real(),
    longitude: real(),
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
    method: text({ enum: ATTENDANCE_METHODS }).notNull(),
    effectiveSeconds: integer('effective_seconds').notNull(),
    /** The stretch the person was there by this fact, for telling whether they can have been elsewhere as well. */
    presentFrom: text('present_from').notNull().default(''),
    presentUntil: text('present_until').notNull().default(''),
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

/**
 * That a person signed in or out: what happened, by which method, and for whom it is vouched. An attendance follows from
 * it by a rule. Never deleted: voided with the attendance.
 */
export const signings = sqliteTable(
  'signings',
  {
    id: text().primaryKey(),
    sessionId: text('session_id')
      .notNull()
      .references(() => trainingSessions.id),
    personId: text('person_id').notNull(),
    kind: text({ enum: ['in', 'out'] }).notNull(),
    method: text({ enum: ATTENDANCE_METHODS }).notNull(),
    /** When it was true: by the hub's clock, or by the code that was shown then. */
    signedAt: text('signed_at').notNull(),
    recordedAt: text('recorded_at').notNull(),
    recordedBy: text('recorded_by').notNull(),
    /** Keyed hash of the phone's own random number: tells a shared phone, names nobody. */
    deviceHash: text('device_hash'),
    /** The photo it was read from, where the method is `paper`. */
    sheetPhotoId: text('sheet_photo_id'),
    /** Helper, witness and reason of an assisted signing; sealed, for they are names. */
    assistSealed: text('assist_sealed'),
    voidedAt: text('voided_at'),
  },
  (t) => [
    uniqueIndex('signings_standing')
      .on(t.sessionId, t.personId, t.kind)
      .where(sql`voided_at IS NULL`),
    index('signings_device').on(t.sessionId, t.deviceHash),
    index('signings_person').on(t.personId),
  ],
);

/** Which stretches of a session's replay a person has played, in its seconds; where watching it counts. */
export const replayViews = sqliteTable(
  'replay_views',
  {
    personId: text('person_id').notNull(),
    sessionId: text('session_id')
      .notNull()
      .references(() => trainingSessions.id),
    seen: text({ mode: 'json' }).$type<[from: number, to: number][]>().notNull(),
    reportedAt: text('reported_at').notNull(),
    /** The time up to which this person's playing is used up: nobody plays two replays at once for both. */
    playedUntil: text('played_until').notNull(),
  },
  (t) => [primaryKey({ columns: [t.personId, t.sessionId] })],
);

/** A sign-in sheet as it was printed: which number on it is whom. Found again by the code at its foot. */
export const signInSheets = sqliteTable(
  'sign_in_sheets',
  {
    id: text().primaryKey(),
    code: text().notNull(),
    sessionId: text('session_id')
      .notNull()
      .references(() => trainingSessions.id),
    personIds: text('person_ids', { mode: 'json' }).$type<string[]>().notNull(),
    printedAt: text('printed_at').notNull(),
    printedBy: text('printed_by').notNull(),
  },
  (t) => [uniqueIndex('sign_in_sheets_code').on(t.code), index('sign_in_sheets_session').on(t.sessionId)],
);

/** A photo of a signed sheet: evidence. The picture lies in the storage under `id`, without what the camera wrote into it. */
export const sheetPhotos = sqliteTable(
  'sheet_photos',
  {
    id: text().primaryKey(),
    sheetId: text('sheet_id')
      .notNull()
      .references(() => signInSheets.id),
    mediaType: text('media_type', { enum: ['image/jpeg', 'image/png', 'image/webp'] }).notNull(),
    sizeBytes: integer('size_bytes').notNull(),
    sha256: text().notNull(),
    takenInAt: text('taken_in_at').notNull(),
    takenInBy: text('taken_in_by').notNull(),
  },
  (t) => [uniqueIndex('sheet_photos_content').on(t.sheetId, t.sha256)],
);

/** What is odd about a person's attendance of a session: shown to trainers, officials and auditors, refuses nothing. */
export const attendanceFlags = sqliteTable(
  'attendance_flags',
  {
    sessionId: text('session_id')
      .notNull()
      .references(() => trainingSessions.id),
    personId: text('person_id').notNull(),
    kind: text({ enum: ATTENDANCE_FLAGS }).notNull(),
    /** Minutes late, people on the phone, metres away: what the kind counts. */
    amount: integer(),
    raisedAt: text('raised_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.sessionId, t.personId, t.kind] })],
);

/** Attendance that was refused on entry as impossible: the same person in two sessions at one time. */
export const attendanceRefusals = sqliteTable(
  'attendance_refusals',
  {
    sessionId: text('session_id')
      .notNull()
      .references(() => trainingSessions.id),
    personId: text('person_id').notNull(),
    reason: text({ enum: ['two-sessions-at-once'] }).notNull(),
    conflictingAttendanceId: text('conflicting_attendance_id').notNull(),
    /** What was claimed; kept, so that it can be judged again. */
    method: text({ enum: ATTENDANCE_METHODS }).notNull().default('live-presence'),
    recordedBy: text('recorded_by').notNull().default('hub'),
    effectiveSeconds: integer('effective_seconds').notNull(),
    occurredAt: text('occurred_at').notNull().default(''),
    presentFrom: text('present_from').notNull().default(''),
    presentUntil: text('present_until').notNull().default(''),
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

/** The secret address of an account's calendar, found by its keyed hash. One an account; a new one replaces it. */
export const calendarFeeds = sqliteTable(
  'calendar_feeds',
  {
    accountId: text('account_id').primaryKey(),
    secretHash: text('secret_hash').notNull(),
    createdAt: text('created_at').notNull(),
  },
  (t) => [uniqueIndex('calendar_feeds_secret').on(t.secretHash)],
);
