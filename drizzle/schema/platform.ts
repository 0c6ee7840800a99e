import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Facts about this installation itself, for example whether it is the sample. */
export const settings = sqliteTable('settings', {
  key: text().primaryKey(),
  value: text({ mode: 'json' }).notNull(),
});

/** News of facts, written in the fact's own transaction; `seq` is the order in which the hub learnt them. */
export const outbox = sqliteTable('outbox', {
  seq: integer().primaryKey({ autoIncrement: true }),
  type: text().notNull(),
  payload: text({ mode: 'json' }).notNull(),
  recordedAt: text('recorded_at').notNull(),
});

/** How far a consumer has applied the outbox; moved in the transaction that applied the event. */
export const outboxCursors = sqliteTable('outbox_cursors', {
  consumer: text().primaryKey(),
  seq: integer().notNull(),
});

/** Events a consumer could not apply: alarmed on /readyz until someone retries them. */
export const outboxParked = sqliteTable(
  'outbox_parked',
  {
    consumer: text().notNull(),
    seq: integer()
      .notNull()
      .references(() => outbox.seq),
    error: text().notNull(),
    parkedAt: text('parked_at').notNull(),
    resolvedAt: text('resolved_at'),
  },
  (t) => [primaryKey({ columns: [t.consumer, t.seq] })],
);

/** Who did what to what, and why, where a reason is asked. Appended, never changed. */
export const auditLog = sqliteTable(
  'audit_log',
  {
    id: text().primaryKey(),
    at: text().notNull(),
    actorAccountId: text('actor_account_id'),
    action: text().notNull(),
    objectKind: text('object_kind').notNull(),
    objectId: text('object_id').notNull(),
    regionCode: text('region_code'),
    reason: text(),
    detail: text({ mode: 'json' }),
  },
  (t) => [index('audit_log_object').on(t.objectKind, t.objectId), index('audit_log_at').on(t.at)],
);
