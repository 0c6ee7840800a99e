import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Administrative regions by GB/T 2260 code: prefecture and county of 6 digits, township of 9, village of 12. */
export const regions = sqliteTable(
  'regions',
  {
    code: text().primaryKey(),
    name: text().notNull(),
    level: text({ enum: ['prefecture', 'county', 'township', 'village'] }).notNull(),
    parentCode: text('parent_code'),
    createdAt: text('created_at').notNull(),
    /** 脱贫村: a village that was on the poverty list and has left it; with the day on which it left, where that is known. */
    outOfPoverty: integer('out_of_poverty', { mode: 'boolean' }).notNull().default(false),
    outOfPovertyOn: text('out_of_poverty_on'),
  },
  (t) => [index('regions_parent').on(t.parentCode)],
);
