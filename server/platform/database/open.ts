import type { ExtractTablesWithRelations } from 'drizzle-orm';
import { drizzle, type LibSQLDatabase } from 'drizzle-orm/libsql';
import type { SQLiteTransaction } from 'drizzle-orm/sqlite-core';
import type { Client, ResultSet } from '@libsql/client';
import { openGatedClient } from './client.ts';
import { applyMigrations } from './migrate.ts';

type Schema = Record<string, never>;
/** An open transaction: pass it down, never write beside it. */
export type Transaction = SQLiteTransaction<'async', ResultSet, Schema, ExtractTablesWithRelations<Schema>>;
/** Where a verb reads: the database itself or its transaction. */
export type Reader = LibSQLDatabase<Schema> | Transaction;

/** The hub's database. Single statements and `transaction` are gated; both wait their turn without blocking the event loop. */
export interface Database extends LibSQLDatabase<Schema> {
  readonly $client: Client;
  close(): void;
}

/**
 * Opens the database, brings it to the newest migration and hands it out.
 * Throws `DatabaseNewerError` when a newer hub has already migrated it.
 */
export async function openDatabase(url: string, authToken?: string): Promise<Database> {
  const { client, gate } = openGatedClient(url, authToken);
  try {
    const db = drizzle(client) as unknown as Database;
    await applyMigrations(db, client);
    const begin = db.transaction.bind(db);
    db.transaction = (work) => gate.hold(() => begin(work));
    db.close = () => client.close();
    return db;
  } catch (error) {
    client.close();
    throw error;
  }
}
