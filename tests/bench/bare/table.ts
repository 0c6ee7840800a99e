import { randomUUID } from 'node:crypto';
import { createClient } from '@libsql/client';

export interface BareTable {
  /** One row by one transaction, on the disk when it resolves. */
  insert(runId: string): Promise<{ id: string }>;
  /** Rows in one batch. */
  insertBatch(runId: string, rows: number): Promise<void>;
  /** How many rows of the run there are. */
  count(runId: string): Promise<number>;
  close(): void;
}

function insertion(runId: string) {
  const id = randomUUID();
  const args = [id, runId, randomUUID(), 'self', id, null, new Date().toISOString(), null];
  return { id, statement: { sql: 'INSERT INTO enrolments VALUES (?, ?, ?, ?, ?, ?, ?, ?)', args } };
}

/** libSQL with a table shaped like the hub's enrolments and the durability of the hub's, without gate, rules or drizzle. */
export async function openBareTable(file: string): Promise<BareTable> {
  const client = createClient({ url: `file:${file}`, concurrency: 1 });
  for (const pragma of ['journal_mode=WAL', 'synchronous=FULL']) await client.execute(`PRAGMA ${pragma}`);
  await client.execute(
    `CREATE TABLE enrolments (id TEXT PRIMARY KEY, run_id TEXT NOT NULL, person_id TEXT NOT NULL, method TEXT NOT NULL,
      recorded_by TEXT NOT NULL, assisted_reason TEXT, enrolled_at TEXT NOT NULL, cancelled_at TEXT)`,
  );
  await client.execute('CREATE INDEX enrolments_run ON enrolments (run_id, person_id)');
  return {
    async insert(runId) {
      const { id, statement } = insertion(runId);
      await client.execute(statement);
      return { id };
    },
    async insertBatch(runId, rows) {
      await client.batch(
        Array.from({ length: rows }, () => insertion(runId).statement),
        'write',
      );
    },
    async count(runId) {
      const { rows } = await client.execute({
        sql: 'SELECT count(*) AS n FROM enrolments WHERE run_id = ?',
        args: [runId],
      });
      return Number(rows[0]!.n);
    },
    close: () => client.close(),
  };
}
