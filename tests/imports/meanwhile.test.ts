import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { imports } from '../../drizzle/schema/imports.ts';
import type { Actor } from '../../server/platform/access/actor.ts';
import { systemClock } from '../../server/platform/clock.ts';
import type { ImportKind } from '../../server/platform/imports/contract.ts';
import type { Incoming } from '../../server/platform/http/incoming.ts';
import { openImports } from '../../server/platform/imports/service.ts';
import { actorOf, COUNTY } from '../support/classroom.ts';
import { xlsxOf } from '../support/make-xlsx.ts';
import { openTestHub, type TestHub } from '../support/open-test-hub.ts';

let t: TestHub;
let trainer: Actor;
beforeAll(async () => {
  t = await openTestHub();
  trainer = await actorOf(t.hub, { roles: [['trainer', COUNTY]] });
});
afterAll(() => t.close());

/** Held up where the test says so, until it lets go. */
const held = { judging: Promise.resolve(), admitting: Promise.resolve() };
let carriedOut: string[] = [];
let target = 0;
let admissions = 0;
beforeEach(() => {
  carriedOut = [];
  target += 1;
  Object.assign(held, { judging: Promise.resolve(), admitting: Promise.resolve() });
});

function hold(what: keyof typeof held): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  held[what] = promise;
  return () => {
    held[what] = Promise.resolve();
    resolve();
  };
}

/** Takes names over. */
const kind: ImportKind<string[]> = {
  kind: 'regions',
  columns: [{ key: 'name', headings: ['姓名'], required: true, example: '岩', width: 10 }],
  async admit() {
    admissions += 1;
    await held.admitting;
    return { actor: trainer, regionCode: COUNTY };
  },
  async judge(rows) {
    const plan = rows.map(({ cells: { name } }) => (name?.kind === 'text' ? name.text : ''));
    await held.judging;
    return { faults: [], figures: {}, plan };
  },
  carryOut(_, plan) {
    carriedOut = plan;
    return Promise.resolve({ names: plan.length });
  },
};

const openRoom = () => openImports({ db: t.hub.db, clock: systemClock, vault: t.hub.vault, kinds: [kind] });
const sheet = (...names: string[]) => xlsxOf({ rows: [['姓名'], ...names.map((name) => [name])] });

describe('an import that is carried out', () => {
  it.each([
    [
      'a cell was mended',
      (room: ReturnType<typeof openRoom>, id: string) => room.mend(trainer, id, 2, { cells: { name: '对' } }),
    ],
    [
      'a row was left out',
      (room: ReturnType<typeof openRoom>, id: string) => room.mend(trainer, id, 2, { skipped: true }),
    ],
    [
      'a column was mapped',
      (room: ReturnType<typeof openRoom>, id: string) => room.map(trainer, id, { name: 0 }),
    ],
  ])(
    'is refused where meanwhile %s, and takes the change over when it is confirmed again',
    async (_, change) => {
      const room = openRoom();
      const { id } = await room.begin(trainer, 'regions', String(target), await sheet('错', '岩'));
      const letGo = hold('judging');
      const confirming = room.confirm(trainer, id, {});
      const refused = expect(confirming).rejects.toMatchObject({ code: 'conflict' });
      // Committed before it is told, which has to wait like the confirmation.
      const changing = change(room, id);
      await expect.poll(async () => (await readRevision(id)) > 0).toBe(true);
      letGo();
      await Promise.all([refused, changing]);
      expect(carriedOut).toEqual([]);
      await room.confirm(trainer, id, {});
      expect(carriedOut.at(-1)).toBe('岩');
    },
  );

  it('stays on record where it is given up in the same moment, and the file is not taken again', async () => {
    const room = openRoom();
    const file = () => sheet('岩', '罕');
    const { id } = await room.begin(trainer, 'regions', String(target), await file());
    admissions = 0;
    const letGo = hold('admitting');
    const givingUp = expect(room.giveUp(trainer, id)).rejects.toMatchObject({ code: 'import.done' });
    await expect.poll(() => admissions).toBe(1);
    held.admitting = Promise.resolve();
    await room.confirm(trainer, id, {});
    letGo();
    await givingUp;
    expect(await room.read(trainer, id)).toMatchObject({ state: 'done', result: { names: 2 } });
    await expect(room.begin(trainer, 'regions', String(target), await file())).rejects.toMatchObject({
      code: 'import.done-before',
    });
  });
});

describe('files that come in', () => {
  it('wait in a short row; who comes later is sent away unread', async () => {
    const room = openRoom();
    const begin = async (run: string, file: Incoming<Uint8Array<ArrayBuffer>>) =>
      room.begin(trainer, 'regions', `${target}-${run}`, file);
    const files = await Promise.all(Array.from({ length: 12 }, () => sheet('岩')));
    const outcomes = await Promise.allSettled(files.map((file, at) => begin(String(at), file)));
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    expect(12 - refused.length).toBeGreaterThanOrEqual(4);
    for (const one of refused) expect(one).toMatchObject({ reason: { code: 'server.busy', status: 503 } });

    const more = await Promise.all(Array.from({ length: 4 }, () => sheet('罕')));
    const taken = Promise.all(more.map((file, at) => begin(`more-${at}`, file)));
    const late = () =>
      begin('late', () => Promise.reject(new Error('it was read'))).catch(({ message }: Error) => message);
    await expect.poll(late, { interval: 5 }).toBe('Too many lists are waiting');
    await taken;
  });
});

async function readRevision(id: string): Promise<number> {
  const [row] = await t.hub.db.select().from(imports).where(eq(imports.id, id));
  return row!.revision;
}
