import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

export const broadcasts = sqliteTable(
  'broadcasts',
  {
    id: text().primaryKey(),
    title: text().notNull(),
    kind: text({ enum: ['class', 'sale'] }).notNull(),
    state: text({ enum: ['scheduled', 'live', 'interrupted', 'ended', 'replay'] }).notNull(),
    visibility: text({ enum: ['public', 'members'] }).notNull(),
    regionCode: text('region_code').notNull(),
    ownerAccountId: text('owner_account_id').notNull(),
    createdAt: text('created_at').notNull(),
    scheduledFor: text('scheduled_for'),
    liveAt: text('live_at'),
    interruptedAt: text('interrupted_at'),
    endedAt: text('ended_at'),
    endReason: text('end_reason'),
  },
  (t) => [index('broadcasts_state').on(t.state), index('broadcasts_region').on(t.regionCode)],
);

/** What was on air, as one row a closed segment: the index of the recording and of the replay. Keys are relative to storage. */
export const recordingSegments = sqliteTable(
  'recording_segments',
  {
    broadcastId: text('broadcast_id')
      .notNull()
      .references(() => broadcasts.id),
    sequence: integer().notNull(),
    discontinuitySequence: integer('discontinuity_sequence').notNull(),
    initKey: text('init_key').notNull(),
    key: text().notNull(),
    durationMs: integer('duration_ms').notNull(),
    byteLength: integer('byte_length').notNull(),
    programDateTime: text('program_date_time').notNull(),
  },
  (t) => [primaryKey({ columns: [t.broadcastId, t.sequence] })],
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
  },
  (t) => [index('presence_spans_person').on(t.broadcastId, t.personId)],
);
