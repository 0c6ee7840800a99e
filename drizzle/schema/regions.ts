import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Administrative regions by GB/T 2260 code: prefecture and county of 6 digits, township of 9, village of 12. */
export const regions = sqliteTable(
  'regions',
  {
    code: text().primaryKey(),
    name: text().notNull(),
    level: text({ enum: ['prefecture', 'county', 'township', 'village'] }).notNull(),
    parentCode: text('parent_code'),
    createdAt: text('created_at').notNull(),
  },
  (t) => [index('regions_parent').on(t.parentCode)],
);
