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
import { Sqlite3Client } from '@libsql/client/sqlite3';
import { retryWhileBusy } from './busy.ts';
import { WriteGate } from './gate.ts';
import { PrimedConnectionPool } from './primed-pool.ts';

const CONNECTIONS = 4;

/** A libSQL client whose writes pass the gate one at a time; reads run beside them on their own connections. */
export interface GatedClient {
  client: Client;
  gate: WriteGate;
}

/** Opens `file:` databases with the primed pool and anything else (`libsql:`, `https:`) with the ordinary client. */
export function openGatedClient(url: string, authToken: string | undefined): GatedClient {
  const inner = url.startsWith('file:') ? openFile(url) : createClient({ url, authToken });
  const gate = new WriteGate();
  return { client: gated(inner, gate), gate };
}

function openFile(url: string): Client {
  const path = url.startsWith('file:///') ? fileURLToPath(url) : url.slice('file:'.length);
  mkdirSync(dirname(path), { recursive: true });
  return new Sqlite3Client(new PrimedConnectionPool(path, {}, CONNECTIONS), 'number');
}

function isRead(sql: string): boolean {
  return /^\s*(select|explain|pragma\s+\w+\s*;?\s*$)/i.test(sql);
}

function gated(inner: Client, gate: WriteGate): Client {
  const write = <T>(work: () => Promise<T>): Promise<T> => gate.hold(() => retryWhileBusy(work));
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
