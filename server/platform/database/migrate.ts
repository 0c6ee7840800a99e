import { fileURLToPath } from 'node:url';
import type { Client } from '@libsql/client';
import type { LibSQLDatabase } from 'drizzle-orm/libsql';
import { migrate } from 'drizzle-orm/libsql/migrator';
import { readMigrationFiles } from 'drizzle-orm/migrator';

const MIGRATIONS = fileURLToPath(new URL('../../../drizzle/migrations', import.meta.url));

/** The data directory was used by a newer hub: going on would write rows this version does not understand. */
export class DatabaseNewerError extends Error {}

/** Applies what is missing, all of it in one transaction: after a failure the database is as it was. */
export async function applyMigrations(
  db: LibSQLDatabase<Record<string, never>>,
  client: Client,
): Promise<void> {
  const known = new Set(readMigrationFiles({ migrationsFolder: MIGRATIONS }).map((m) => m.folderMillis));
  const applied = await appliedMigrations(client);
  const unknown = applied.filter((millis) => !known.has(millis));
  if (unknown.length > 0) {
    throw new DatabaseNewerError(
      `The database was migrated by a newer Xiangbo (${unknown.length} unknown migration(s), newest of ${new Date(
        Math.max(...unknown),
      ).toISOString()}). Start that version again, or restore a backup made before the upgrade.`,
    );
  }
  await migrate(db, { migrationsFolder: MIGRATIONS });
}

async function appliedMigrations(client: Client): Promise<number[]> {
  const table = await client.execute(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name = '__drizzle_migrations'",
  );
  if (table.rows.length === 0) return [];
  const rows = await client.execute('SELECT created_at FROM __drizzle_migrations');
  return rows.rows.map((row) => Number(row.created_at));
}
