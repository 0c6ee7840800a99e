import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** A course: what is taught. Its runs (期) say when, where and to whom. */
export const courses = sqliteTable(
  'courses',
  {
    id: text().primaryKey(),
    title: text().notNull(),
    summary: text().notNull(),
    level: text().notNull(),
    audiences: text({ mode: 'json' }).$type<string[]>().notNull(),
    fourStep: text('four_step'),
    hours: integer().notNull(),
    regionCode: text('region_code').notNull(),
    ownerAccountId: text('owner_account_id').notNull(),
    createdAt: text('created_at').notNull(),
  },
  (t) => [index('courses_region').on(t.regionCode)],
);
