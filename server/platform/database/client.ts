import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  createClient,
  type Client,
  type InArgs,
  type InStatement,
  type ResultSet,
  type TransactionMode,
} from '@libsql/client';
import { ConnectionPool, Sqlite3Client } from '@libsql/client/sqlite3';
import { retryWhileBusy } from './busy.ts';
import { WriteGate } from './gate.ts';
import { PrimedConnectionPool } from './primed-pool.ts';
import { WriteAheadLog } from './write-ahead-log.ts';

const CONNECTIONS = 4;

/** A libSQL client whose writes pass the gate one at a time; reads run beside them on their own connections. */
export interface GatedClient {
  client: Client;
  /** Runs `work` alone among writers and resolves once what it committed is durable. */
  write<T>(work: () => Promise<T>): Promise<T>;
  /** What is wrong with the disk under a file database. */
  fault(): string | undefined;
  close(): Promise<void>;
}

/** Opens `file:` databases with the primed pool and anything else (`libsql:`, `https:`) with the ordinary client. */
export function openGatedClient(url: string, authToken: string | undefined): GatedClient {
  const gate = new WriteGate();
  const path = url.startsWith('file:') ? pathOf(url) : undefined;
  const inner = path === undefined ? createClient({ url, authToken }) : openFile(path);
  // A server keeps its own log.
  const log = path === undefined ? undefined : new WriteAheadLog(path, gate);
  async function write<T>(work: () => Promise<T>): Promise<T> {
    log?.ensureSound();
    const result = await gate.hold(work);
    await log?.settle();
    return result;
  }
  return {
    client: gated(inner, write),
    write,
    fault: () => log?.fault,
    async close() {
      if (inner.closed) return;
      await log?.close();
      inner.close();
      if (path !== undefined) emptyLog(path);
    },
  };
}

function pathOf(url: string): string {
  return url.startsWith('file:///') ? fileURLToPath(url) : url.slice('file:'.length);
}

function openFile(path: string): Client {
  mkdirSync(dirname(path), { recursive: true });
  return new Sqlite3Client(new PrimedConnectionPool(path, {}, CONNECTIONS), 'number');
}

/** So that whoever copies the file of a hub that has stopped has everything. On a connection without a past: an old one may have statements open. */
function emptyLog(path: string): void {
  const pool = new ConnectionPool(path, {}, 1);
  try {
    pool.acquireSync().prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
  } finally {
    pool.close();
  }
}

function isRead(sql: string): boolean {
  return /^\s*(select|explain|pragma\s+\w+\s*;?\s*$)/i.test(sql);
}

function gated(inner: Client, alone: GatedClient['write']): Client {
  const write = <T>(work: () => Promise<T>): Promise<T> => alone(() => retryWhileBusy(work));
  return {
    get closed() {
      return inner.closed;
    },
    protocol: inner.protocol,
    execute(statement: InStatement | string, args?: InArgs): Promise<ResultSet> {
      const run = () =>
        typeof statement === 'string' ? inner.execute(statement, args) : inner.execute(statement);
      return isRead(typeof statement === 'string' ? statement : statement.sql) ? run() : write(run);
    },
    batch(statements, mode: TransactionMode = 'write') {
      return mode === 'read' ? inner.batch(statements, mode) : write(() => inner.batch(statements, mode));
    },
    migrate: (statements) => write(() => inner.migrate(statements)),
    executeMultiple: (sql) => write(() => inner.executeMultiple(sql)),
    // The gate is held by the caller for the whole transaction (see open.ts): only the beginning can be refused.
    transaction: (mode: TransactionMode = 'write') => retryWhileBusy(() => inner.transaction(mode)),
    sync: () => inner.sync(),
    reconnect: () => inner.reconnect(),
    close: () => inner.close(),
  };
}
