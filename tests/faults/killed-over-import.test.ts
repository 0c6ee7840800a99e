import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { count, eq, ne } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { consents, persons } from '../../drizzle/schema/identity.ts';
import { importRows, imports } from '../../drizzle/schema/imports.ts';
import { enrolments } from '../../drizzle/schema/training.ts';
import { openDatabase, type Database } from '../../server/platform/database/open.ts';

const PEOPLE = 800;

it.each([0, 60, 150])(
  'takes a list over whole or not at all when the hub is killed %d ms into it',
  async (afterMs) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'xiangbo-import-'));
    try {
      const child = fork('tests/support/import-until-killed.ts', [dataDir, String(PEOPLE)], { silent: true });
      const said: string[] = [];
      for await (const line of createInterface({ input: child.stdout! })) {
        said.push(line);
        // The second list: the first shows that lists go through at all.
        if (said.filter((one) => one.startsWith('confirming')).length < 2) continue;
        setTimeout(() => child.kill('SIGKILL'), afterMs);
        break;
      }
      await once(child, 'exit');
      const db = await openDatabase(`file:${join(dataDir, 'hub.db')}`);
      await expectWhole(db, said);
      await db.close();
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  },
);

async function expectWhole(db: Database, said: readonly string[]): Promise<void> {
  const byRun = await db
    .select({ runId: enrolments.runId, total: count() })
    .from(enrolments)
    .groupBy(enrolments.runId);
  expect(new Set(byRun.map((run) => run.total))).toEqual(new Set([PEOPLE]));
  const acknowledged = said.flatMap((line) => (line.startsWith('done ') ? line.slice(5) : []));
  expect(byRun.map((run) => run.runId)).toEqual(expect.arrayContaining(acknowledged));

  // Nobody was made without a place and a consent, and what is not imported is there to be imported.
  const [made] = await db
    .select({ total: count() })
    .from(persons)
    .where(ne(persons.verification, 'unverified'));
  expect(made?.total).toBe(byRun.length * PEOPLE);
  const [agreed] = await db.select({ total: count() }).from(consents).where(eq(consents.subject, 'basic'));
  expect(agreed?.total).toBe(byRun.length * PEOPLE + 1);
  const drafts = await db.select().from(imports).where(eq(imports.state, 'draft'));
  const [kept] = await db.select({ total: count() }).from(importRows);
  expect(kept?.total).toBe(drafts.length * PEOPLE);
}
