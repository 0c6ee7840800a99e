import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { count, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { consents, persons } from '../../drizzle/schema/identity.ts';
import { importRows, imports } from '../../drizzle/schema/imports.ts';
import { auditLog } from '../../drizzle/schema/platform.ts';
import { enrolments } from '../../drizzle/schema/training.ts';
import type { Actor } from '../../server/platform/access/actor.ts';
import { HubError } from '../../server/platform/errors.ts';
import type { ImportView } from '../../server/platform/imports/view.ts';
import { actorOf, COUNTY, openRun } from '../support/classroom.ts';
import { idNumberOf as anyIdNumber } from '../support/id-numbers.ts';
import { serial, xlsxOf, type TestCell } from '../support/make-xlsx.ts';
import { openTestHub, type TestHub } from '../support/open-test-hub.ts';

const HEADINGS = ['姓名', '身份证号', '手机号', '乡镇', '村', '人员类别', '类别起始日期'];
const PAPER = { consent: { method: 'paper', sensitive: false } } as const;

let now = Date.parse('2026-11-25T02:00:00Z');
let t: TestHub;
let trainer: Actor;
let runId: string;

/** Other people in each test. */
let base = 0;
const idNumberOf = (serial: number) => anyIdNumber(base + serial);

beforeAll(async () => {
  t = await openTestHub({ clock: { now: () => now } });
  trainer = await actorOf(t.hub, { roles: [['trainer', COUNTY]] });
  const administrator = await actorOf(t.hub, { roles: [['administrator', COUNTY]] });
  const add = (code: string, name: string, parentCode: string) =>
    t.hub.regions.addRegion(administrator, { code, name, parentCode });
  await add('533103104', '勐戛镇', COUNTY);
  await add('533103104201', '三角岩村委会', '533103104');
  await add('533103105', '江东乡', COUNTY);
});
beforeEach(async () => {
  base += 100;
  runId = (await openRun(t.hub, trainer, { capacity: 10 })).id;
});
afterAll(() => t.close());

const begin = async (rows: TestCell[][], options: { by?: Actor; headings?: TestCell[] } = {}) =>
  t.hub.imports.begin(
    options.by ?? trainer,
    'enrolments',
    runId,
    await xlsxOf({ rows: [['芒市2026年学员名册'], options.headings ?? HEADINGS, ...rows] }),
  );
const faultsOf = (view: ImportView) =>
  view.rows.flatMap((row) => row.faults.map((fault) => [row.number, fault.column, fault.rule]));
const codeOf = async (promise: Promise<unknown>) => {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(HubError);
  return (error as HubError).code;
};
async function totals() {
  const of = async (table: typeof persons | typeof enrolments | typeof importRows) =>
    (await t.hub.db.select({ total: count() }).from(table))[0]!.total;
  return { persons: await of(persons), enrolments: await of(enrolments), kept: await of(importRows) };
}

describe('a list of people to enrol', () => {
  it('is taken over whole: people made, verified by the list, with dated categories, consent and a trace', async () => {
    const before = await totals();
    const draft = await begin([
      ['岩罕亮', idNumberOf(1), '１３８１２３４１２３４', '勐戛', '三角岩村', '退役军人', '2020年3月1日'],
      ['咩 罕', `'${idNumberOf(2)}`, 13_812_345_678, '江东乡', null, '妇女、农民', serial(45415)],
      ['排早', null, '13900000003', null, null, null, null],
      ['岩罕亮', idNumberOf(1), '13812341234', '勐戛镇', '三角岩村', '退役军人', '2020-03-01'],
    ]);
    expect(draft).toMatchObject({
      state: 'draft',
      headingRow: 2,
      faultCount: 0,
      figures: { people: 3, fresh: 3, known: 0, repeated: 1, unverified: 1, sensitive: 0, free: 10 },
    });
    expect(await totals()).toMatchObject({
      persons: before.persons,
      enrolments: before.enrolments,
      kept: before.kept + 4,
    });

    const done = await t.hub.imports.confirm(trainer, draft.id, PAPER);
    expect(done).toMatchObject({ state: 'done', result: { enrolled: 3, made: 3, enrolledAlready: 0 } });
    expect(await totals()).toEqual({
      persons: before.persons + 3,
      enrolments: before.enrolments + 3,
      kept: before.kept,
    });
    const roster = await t.hub.training.readRoster(trainer, runId, 1);
    expect(
      roster.items.map(({ person }) => [person?.displayName, person?.verified, person?.homeRegionCode]),
    ).toEqual([
      ['岩*亮', true, '533103104201'],
      ['咩*', true, '533103105'],
      ['排*', false, COUNTY],
    ]);
    const held = await t.hub.identity.audiencesOf(roster.items.map((line) => line.personId));
    expect([...held.values()].flat().map(({ name, since, source }) => [name, since, source])).toEqual([
      ['退役军人', '2020-03-01', 'roster'],
      ['农村妇女', '2024-05-03', 'roster'],
      ['农村群众', '2024-05-03', 'roster'],
    ]);
    const [first] = await t.hub.db.select().from(persons).where(eq(persons.homeRegionCode, '533103104201'));
    expect(first).toMatchObject({ verificationSource: 'village-roster', verifiedBy: trainer.accountId });
    expect(await t.hub.db.select().from(consents).where(eq(consents.personId, first!.id))).toMatchObject([
      { subject: 'basic', method: 'paper', recordedBy: trainer.accountId },
    ]);
    const traces = await t.hub.db.select().from(auditLog).where(eq(auditLog.action, 'import.enrolments'));
    expect(traces.filter((trace) => trace.objectId === draft.id)).toMatchObject([
      { detail: { target: runId, enrolled: 3, made: 3 } },
    ]);
  });

  it('shows each fault at its cell, in one pass, and takes nothing over while there is one', async () => {
    await t.hub.identity.registerPerson(trainer, {
      ...{ name: '真名', idNumber: idNumberOf(50), homeRegionCode: COUNTY, consent: { method: 'paper' } },
    });
    const before = await totals();
    const wrongCheck = idNumberOf(3).replace(/.$/, (last) => (last === 'X' ? '1' : 'X'));
    const draft = await begin([
      [null, idNumberOf(1), null, null, null, null, null],
      ['甲甲', wrongCheck, null, null, null, null, null],
      ['乙乙', 5.33103199001011e17, null, null, null, null, null],
      ['丙丙', '5331031990', '1381234', '勐戛镇', '无此村', '外星人', '去年'],
      ['丁丁', idNumberOf(4), null, '三十里铺镇', null, null, null],
      ['戊戊', null, null, null, null, null, null],
      ['己己', idNumberOf(5), null, null, null, null, '2020-01-01'],
      ['庚庚', idNumberOf(6), null, null, null, null, null],
      ['辛辛', idNumberOf(6), null, null, null, null, null],
      ['冒名', idNumberOf(50), null, null, null, null, null],
    ]);
    expect(faultsOf(draft)).toEqual([
      [3, 'name', 'required'],
      [4, 'idNumber', 'id-checksum'],
      [5, 'idNumber', 'digits-lost'],
      [6, 'idNumber', 'id-number'],
      [6, 'phone', 'phone'],
      [6, 'audience', 'audience'],
      [6, 'since', 'day'],
      [6, 'village', 'unknown-place'],
      [7, 'township', 'unknown-place'],
      [8, 'idNumber', 'number-or-phone'],
      [9, 'audience', 'required'],
      [11, 'idNumber', 'twice'],
      [12, 'name', 'other-name'],
    ]);
    expect(draft).toMatchObject({ faultCount: 13, faultRowCount: 9 });
    expect(await codeOf(t.hub.imports.confirm(trainer, draft.id, PAPER))).toBe('import.faulty');
    expect(await totals()).toMatchObject({ persons: before.persons, enrolments: before.enrolments });
  });

  it('is mended on the page, cell by cell, or a row is left out', async () => {
    const draft = await begin([
      ['岩罕亮', '123', null, null, null, null, null],
      ['咩罕', '456', null, null, null, null, null],
    ]);
    expect(draft.rows[0]).toMatchObject({ number: 3, cells: { name: '岩罕亮', idNumber: '123' } });
    const mended = await t.hub.imports.mend(trainer, draft.id, 3, {
      cells: { idNumber: `\u3000${idNumberOf(1)}` },
    });
    expect(mended.faultCount).toBe(1);
    const ready = await t.hub.imports.mend(trainer, draft.id, 4, { skipped: true });
    expect(ready).toMatchObject({ faultCount: 0, skippedRows: [4] });
    const done = await t.hub.imports.confirm(trainer, draft.id, PAPER);
    expect(done.result).toMatchObject({ enrolled: 1, made: 1 });
  });

  it('is mapped by hand where its headings are unusual', async () => {
    const draft = await begin([['岩罕亮', idNumberOf(1), '13812341234']], { headings: ['姓名', '甲', '乙'] });
    expect(draft.mapping).toEqual({ name: 0 });
    expect(faultsOf(draft)).toEqual([[3, 'idNumber', 'number-or-phone']]);
    const mapped = await t.hub.imports.map(trainer, draft.id, { name: 0, idNumber: 1, phone: 2 });
    expect(mapped.faultCount).toBe(0);
    expect(await codeOf(t.hub.imports.map(trainer, draft.id, { name: 0, phone: 0 }))).toBe('input.invalid');
    expect(await codeOf(t.hub.imports.map(trainer, draft.id, { name: 9 }))).toBe('input.invalid');
  });

  it('finds people who are known, by ID number or by name and phone, and completes them', async () => {
    const register = (input: object) =>
      t.hub.identity.registerPerson(trainer, {
        ...{ name: '岩罕亮', homeRegionCode: COUNTY, consent: { method: 'spoken' } },
        ...input,
      });
    const byNumber = await register({ idNumber: idNumberOf(1) });
    const byPhone = await register({ name: '咩罕', phone: '13812345678' });
    await t.hub.training.enrolAssisted(trainer, runId, { personId: byNumber.id, reason: '没有手机' });
    const draft = await begin([
      ['岩罕亮', idNumberOf(1).toLowerCase(), '13811111111', null, null, null, null],
      ['咩罕', idNumberOf(2), '138-1234-5678', null, null, null, null],
    ]);
    expect(draft.figures).toMatchObject({ fresh: 0, known: 2, enrolledAlready: 1 });
    const done = await t.hub.imports.confirm(trainer, draft.id, PAPER);
    expect(done.result).toEqual({ enrolled: 1, made: 0, enrolledAlready: 1 });
    expect(await t.hub.identity.readPerson(trainer, byNumber.id)).toMatchObject({ phone: '138****1111' });
    expect((await t.hub.identity.readPerson(trainer, byPhone.id)).idNumber).toContain(
      idNumberOf(2).slice(-3),
    );
  });

  it('is imported once: the same file again is told so, another one goes in', async () => {
    const rows = [['岩罕亮', idNumberOf(1), null, null, null, null, null]];
    const [first, second] = [await begin(rows), await begin(rows)];
    await t.hub.imports.confirm(trainer, first.id, PAPER);
    expect(await codeOf(begin(rows))).toBe('import.done-before');
    expect(await codeOf(t.hub.imports.confirm(trainer, second.id, PAPER))).toBe('import.done-before');
    expect((await t.hub.imports.confirm(trainer, first.id, PAPER)).result).toMatchObject({ enrolled: 1 });
    expect(await codeOf(t.hub.imports.mend(trainer, first.id, 3, { skipped: true }))).toBe('import.done');
    expect((await t.hub.training.readRoster(trainer, runId, 1)).total).toBe(1);
  });

  it('asks for consent, apart for sensitive categories, and for places enough', async () => {
    const sensitive = await begin([['岩罕亮', idNumberOf(1), null, null, null, '残疾人', null]]);
    expect(await codeOf(t.hub.imports.confirm(trainer, sensitive.id, {}))).toBe('input.invalid');
    expect(await codeOf(t.hub.imports.confirm(trainer, sensitive.id, PAPER))).toBe('input.invalid');
    const many = await begin(
      Array.from({ length: 11 }, (_, at) => [`村民${at}`, idNumberOf(at), null, null, null, null, null]),
    );
    const before = await totals();
    expect(await codeOf(t.hub.imports.confirm(trainer, many.id, PAPER))).toBe('enrolment.too-few-places');
    expect(await totals()).toEqual(before);
  });

  it('is its sender’s alone, sealed, and forgotten when it is given up or a day old', async () => {
    const rows = [['岩罕亮光', idNumberOf(1), null, null, null, null, null]];
    const draft = await begin(rows);
    const other = await actorOf(t.hub, { roles: [['administrator', COUNTY]] });
    expect(await codeOf(t.hub.imports.read(other, draft.id))).toBe('not-found');
    const dismissed: Actor = { ...trainer, grants: [] };
    expect(await codeOf(t.hub.imports.confirm(dismissed, draft.id, PAPER))).toBe('not-found');
    const files = (await readdir(t.dataDir)).filter((name) => name.startsWith('hub.db'));
    const bytes = Buffer.concat(await Promise.all(files.map((name) => readFile(join(t.dataDir, name)))));
    expect(bytes.includes(Buffer.from('身份证号'))).toBe(true);
    expect(bytes.includes(Buffer.from('岩罕亮光'))).toBe(false);

    await t.hub.imports.giveUp(trainer, draft.id);
    await begin(rows);
    now += 23 * 3_600_000;
    const early = await t.hub.imports.sweepJob.run();
    now += 2 * 3_600_000;
    expect(early).toBeUndefined();
    expect((await t.hub.imports.sweepJob.run())?.forgotten).toBeGreaterThan(0);
    expect((await totals()).kept).toBe(0);
    const states = await t.hub.db.select({ state: imports.state }).from(imports);
    expect(states.filter(({ state }) => state !== 'done')).toEqual([]);
  });

  it('registers nobody at home where the sender has no say', async () => {
    const draft = await begin([['岩罕亮', idNumberOf(1), null, '盈江县', null, null, null]], {
      headings: ['姓名', '身份证号', '手机号', '县市', '村', '人员类别', '类别起始日期'],
    });
    expect(faultsOf(draft)).toEqual([[3, 'township', 'outside-region']]);
  });

  it('has a template that is read again without its example', async () => {
    const { bytes } = await t.hub.imports.template(trainer, 'enrolments');
    expect(await codeOf(t.hub.imports.begin(trainer, 'enrolments', runId, new Uint8Array(bytes)))).toBe(
      'spreadsheet.empty',
    );
  });
});
