import { like, or, sql, type SQL } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';

/** True for region codes that begin with one of the prefixes; for none, when there is no prefix. */
export function underAnyOf(column: SQLiteColumn, prefixes: readonly string[]): SQL {
  return or(...prefixes.map((prefix) => like(column, `${prefix}%`))) ?? sql`false`;
}
