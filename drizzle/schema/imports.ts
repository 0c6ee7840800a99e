import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/**
 * A spreadsheet on its way into the hub. The file itself is not kept: its rows are sealed until they are taken over or
 * given up, and then gone; what remains is that this file was imported, by whom and with what result.
 */
export const imports = sqliteTable(
  'imports',
  {
    id: text().primaryKey(),
    kind: text({ enum: ['enrolments', 'regions'] }).notNull(),
    /** What it is imported into: a run, or the region whose places it lists. */
    target: text().notNull(),
    regionCode: text('region_code').notNull(),
    accountId: text('account_id').notNull(),
    /** SHA-256 of the file in hex: the same file is not imported into the same target twice. */
    fileHash: text('file_hash').notNull(),
    /** `reading`: its rows are still coming in, or never all came. */
    state: text({ enum: ['reading', 'draft', 'done'] }).notNull(),
    head: text({ mode: 'json' }).notNull(),
    mapping: text({ mode: 'json' }).$type<Record<string, number>>().notNull(),
    /** Raised by every change to mapping or rows: what was judged before is not carried out. */
    revision: integer().notNull().default(0),
    createdAt: text('created_at').notNull(),
    doneAt: text('done_at'),
    result: text({ mode: 'json' }).$type<Record<string, number>>(),
  },
  (t) => [
    uniqueIndex('imports_done')
      .on(t.kind, t.target, t.fileHash)
      .where(sql`state = 'done'`),
    index('imports_created').on(t.createdAt),
  ],
);

/** A row of a spreadsheet that is not imported yet; `number` is the one beside it in the sheet. */
export const importRows = sqliteTable(
  'import_rows',
  {
    importId: text('import_id')
      .notNull()
      .references(() => imports.id),
    number: integer().notNull(),
    cellsSealed: text('cells_sealed').notNull(),
    /** Left out by the person who imports. */
    skipped: integer({ mode: 'boolean' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.importId, t.number] })],
);
