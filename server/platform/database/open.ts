import type { ExtractTablesWithRelations } from 'drizzle-orm';
import { drizzle, type LibSQLDatabase } from 'drizzle-orm/libsql';
import type { SQLiteTransaction } from 'drizzle-orm/sqlite-core';
import type { Client, ResultSet } from '@libsql/client';
import { openGatedClient } from './client.ts';
import { hasNews } from '../outbox/news-of.ts';
import { applyMigrations } from './migrate.ts';

type Schema = Record<string, never>;
/** An open transaction: pass it down, never write beside it. */
export type Transaction = SQLiteTransaction<'async', ResultSet, Schema, ExtractTablesWithRelations<Schema>>;
/** Where a verb reads: the database itself or its transaction. */
export type Reader = LibSQLDatabase<Schema> | Transaction;

/**
 * The hub's database. Single statements and `transaction` are gated: they wait their turn without blocking the event loop,
 * and what they wrote survives a power cut when they resolve.
 */
export interface Database extends LibSQLDatabase<Schema> {
  readonly $client: Client;
  /** What is wrong with the disk, for the operator; undefined while all is well. */
  fault(): string | undefined;
  /** Calls `listener` after each commit of this process that wrote news. Returns how to stop it. */
  onNews(listener: () => void): () => void;
  /** Nothing may be asked of it afterwards. */
  close(): Promise<void>;
}

/**
 * Opens the database, brings it to the newest migration and hands it out.
 * Throws `DatabaseNewerError` when a newer hub has already migrated it.
 */
export async function openDatabase(url: string, authToken?: string): Promise<Database> {
  const { client, write, fault, close } = openGatedClient(url, authToken);
  try {
    const db = drizzle(client) as unknown as Database;
    await applyMigrations(db, client);
    const begin = db.transaction.bind(db);
    const listeners = new Set<() => void>();
    db.transaction = async (work) => {
      let told = false;
      const result = await write(() =>
        begin(async (tx) => {
          const outcome = await work(tx);
          told = hasNews(tx);
          return outcome;
        }),
      );
      if (told) for (const listener of listeners) listener();
      return result;
    };
    const onNews = (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    };
    return Object.assign(db, { fault, onNews, close });
  } catch (error) {
    await close();
    throw error;
  }
}
