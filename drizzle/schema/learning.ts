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
    /** 理货 · 建仓 · 上网 · 开店, where the course belongs to one of the four steps. */
    fourStep: text('four_step'),
    /** 学时 (class hours of 45 minutes), as the course is announced. */
    hours: integer().notNull(),
    regionCode: text('region_code').notNull(),
    ownerAccountId: text('owner_account_id').notNull(),
    createdAt: text('created_at').notNull(),
  },
  (t) => [index('courses_region').on(t.regionCode), index('courses_owner').on(t.ownerAccountId)],
);
