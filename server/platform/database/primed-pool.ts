import { ConnectionPool } from '@libsql/client/sqlite3';

type Connection = ReturnType<ConnectionPool['acquireSync']>;

/**
 * Pragmas live on a connection, not in the file, and the client opens connections as it needs them:
 * - `busy_timeout=0`: SQLite's own wait blocks the event loop, so the hub waits outside it (busy.ts);
 * - `synchronous=NORMAL` and `wal_autocheckpoint=0`: SQLite would wait for the disk on the event loop; the hub waits
 *   elsewhere for what it acknowledges (write-ahead-log.ts);
 * - `foreign_keys=ON`: off by default in SQLite.
 */
const PRAGMAS = [
  'PRAGMA busy_timeout=0',
  'PRAGMA journal_mode=WAL',
  'PRAGMA synchronous=NORMAL',
  'PRAGMA wal_autocheckpoint=0',
  'PRAGMA foreign_keys=ON',
  'PRAGMA cache_size=-16000',
];

/** The client's pool, which sets the pragmas on each connection the first time it is borrowed, however it came to be. */
export class PrimedConnectionPool extends ConnectionPool {
  readonly #primed = new WeakSet<Connection>();

  override acquireSync(forTransaction = false): Connection {
    const connection = super.acquireSync(forTransaction);
    if (!this.#primed.has(connection)) {
      for (const pragma of PRAGMAS) connection.prepare(pragma).get();
      this.#primed.add(connection);
    }
    return connection;
  }
}
