import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

export const broadcasts = sqliteTable(
  'broadcasts',
  {
    id: text().primaryKey(),
    title: text().notNull(),
    kind: text({ enum: ['class', 'sale'] }).notNull(),
    state: text({ enum: ['scheduled', 'live', 'interrupted', 'ended', 'replay'] }).notNull(),
    visibility: text({ enum: ['public', 'members'] }).notNull(),
    /** What becomes of an account's second publication while its first is on the air. */
    secondPublisher: text('second_publisher', { enum: ['take-over', 'refuse'] })
      .notNull()
      .default('take-over'),
    regionCode: text('region_code').notNull(),
    ownerAccountId: text('owner_account_id').notNull(),
    createdAt: text('created_at').notNull(),
    scheduledFor: text('scheduled_for'),
    liveAt: text('live_at'),
    interruptedAt: text('interrupted_at'),
    endedAt: text('ended_at'),
    endReason: text('end_reason'),
    /** Of the whole recording; moved in the transaction that writes its segments. */
    recordedMs: integer('recorded_ms').notNull().default(0),
    /** Since when there is a picture of it for cards. */
    picturedAt: text('pictured_at'),
    /** What the replay and the download leave out at both ends, counted in the whole recording; null: nothing. */
    trimStartMs: integer('trim_start_ms'),
    trimEndMs: integer('trim_end_ms'),
    /** Why the recording must be kept beyond its time, where someone said so. */
    holdReason: text('hold_reason'),
    /** When the recording was deleted at the end of its time; the broadcast itself stays. */
    recordingRemovedAt: text('recording_removed_at'),
  },
  (t) => [
    index('broadcasts_state').on(t.state),
    index('broadcasts_region').on(t.regionCode),
    // The list of those who are not signed in: the newest public ones.
    index('broadcasts_visibility').on(t.visibility, t.id),
  ],
);

/** When a broadcast was really on the air: one row a stretch, open (`endedAtMs` null) while it is live. Milliseconds since the epoch. */
export const broadcastWindows = sqliteTable(
  'broadcast_windows',
  {
    broadcastId: text('broadcast_id')
      .notNull()
      .references(() => broadcasts.id),
    startedAtMs: integer('started_at_ms').notNull(),
    endedAtMs: integer('ended_at_ms'),
  },
  (t) => [primaryKey({ columns: [t.broadcastId, t.startedAtMs] })],
);

/** Init segments of the recording: one a run of the muxer, and one for each lower rendition of it. `file` is a key relative to storage. */
export const recordingInits = sqliteTable(
  'recording_inits',
  {
    broadcastId: text('broadcast_id')
      .notNull()
      .references(() => broadcasts.id),
    /** `source`, or a lower one, for example `480p`. */
    rendition: text().notNull().default('source'),
    initIndex: integer('init_index').notNull(),
    file: text().notNull(),
    byteLength: integer('byte_length').notNull(),
    codecs: text().notNull(),
    width: integer().notNull(),
    height: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.broadcastId, t.rendition, t.initIndex] })],
);

/** What was on air, as one row a closed segment: the index of the recording and of the replay. */
export const recordingSegments = sqliteTable(
  'recording_segments',
  {
    broadcastId: text('broadcast_id')
      .notNull()
      .references(() => broadcasts.id),
    /** As of the inits; a lower one has some of the source's segments or all, under their numbers. */
    rendition: text().notNull().default('source'),
    sequence: integer().notNull(),
    discontinuitySequence: integer('discontinuity_sequence').notNull(),
    initIndex: integer('init_index').notNull(),
    file: text().notNull(),
    durationMs: integer('duration_ms').notNull(),
    byteLength: integer('byte_length').notNull(),
    programDateTime: text('program_date_time').notNull(),
    keyframeAligned: integer('keyframe_aligned', { mode: 'boolean' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.broadcastId, t.rendition, t.sequence] })],
);

/** Chat, numbered within its broadcast so that a reader who dropped out can ask for what came after a number. */
export const chatMessages = sqliteTable(
  'chat_messages',
  {
    id: text().primaryKey(),
    broadcastId: text('broadcast_id')
      .notNull()
      .references(() => broadcasts.id),
    seq: integer().notNull(),
    accountId: text('account_id').notNull(),
    /** Chosen by the sender's page: a message sent again after a drop is stored once. */
    clientId: text('client_id').notNull(),
    body: text().notNull(),
    sentAt: text('sent_at').notNull(),
  },
  (t) => [
    uniqueIndex('chat_messages_seq').on(t.broadcastId, t.seq),
    uniqueIndex('chat_messages_client').on(t.broadcastId, t.accountId, t.clientId),
  ],
);

/** Keys by which encoders push. Only a keyed hash is kept; a key that was changed or taken back has ended. */
export const streamKeys = sqliteTable(
  'stream_keys',
  {
    id: text().primaryKey(),
    keyHash: text('key_hash').notNull().unique(),
    /** Who made it, and in whose name it publishes. */
    accountId: text('account_id').notNull(),
    /** Null: the account's own, for whichever broadcast of its is on or next. */
    broadcastId: text('broadcast_id').references(() => broadcasts.id),
    createdAt: text('created_at').notNull(),
    endedAt: text('ended_at'),
  },
  (t) => [index('stream_keys_account').on(t.accountId, t.broadcastId)],
);

/** When a person's device was really watching, measured by the server. Times are milliseconds since the epoch. */
export const presenceSpans = sqliteTable(
  'presence_spans',
  {
    id: text().primaryKey(),
    broadcastId: text('broadcast_id')
      .notNull()
      .references(() => broadcasts.id),
    personId: text('person_id').notNull(),
    deviceId: text('device_id').notNull(),
    startedAtMs: integer('started_at_ms').notNull(),
    endedAtMs: integer('ended_at_ms').notNull(),
    /** The device said that it stopped: a later ping begins a new span. */
    closed: integer({ mode: 'boolean' }).notNull(),
  },
  (t) => [index('presence_spans_person').on(t.broadcastId, t.personId)],
);

/** That a person's effective time reached the threshold: written once, with the news of it. */
export const presenceReached = sqliteTable(
  'presence_reached',
  {
    broadcastId: text('broadcast_id')
      .notNull()
      .references(() => broadcasts.id),
    personId: text('person_id').notNull(),
    effectiveSeconds: integer('effective_seconds').notNull(),
    thresholdMinutes: integer('threshold_minutes').notNull(),
    reachedAt: text('reached_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.broadcastId, t.personId] })],
);

/**
 * Who may speak in a broadcast beside its owner, and how all of them are shown: what was done, in order. Who is a
 * co-host, whose hand is up, who has the floor and which layout is wished follow from these rows alone.
 */
export const stageFacts = sqliteTable(
  'stage_facts',
  {
    broadcastId: text('broadcast_id')
      .notNull()
      .references(() => broadcasts.id),
    seq: integer().notNull(),
    what: text({
      enum: [
        'raise-hand',
        'lower-hand',
        'give-floor',
        'take-floor',
        'leave',
        'name-cohost',
        'remove-cohost',
        'set-layout',
      ],
    }).notNull(),
    /** Whom it concerns; for a layout whose picture is the large one, or null. */
    accountId: text('account_id'),
    byAccountId: text('by_account_id').notNull(),
    layout: text({ enum: ['one', 'side-by-side', 'picture-in-picture'] }),
    /** Which picture of that account is the large one. */
    source: text({ enum: ['camera', 'screen'] }),
    recordedAt: text('recorded_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.broadcastId, t.seq] })],
);
