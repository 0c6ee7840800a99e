import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { consents } from '../../drizzle/schema/identity.ts';
import { outbox } from '../../drizzle/schema/platform.ts';
import { checkCharacterOf } from '../../server/identity/id-number.ts';
import type { PersonInfo } from '../../server/identity/service.ts';
import type { ErrorBody } from '../../server/platform/http/respond.ts';
import { openTestHub, type TestHub } from '../support/open-test-hub.ts';
import { signInAs, type Someone } from '../support/sign-in-as.ts';

let t: TestHub;
let station: Someone;
beforeEach(async () => {
  t = await openTestHub();
  station = await signInAs(t.hub, { roles: [['station', '533103']], name: '排早' });
});
afterEach(() => t.close());

const idNumber = (serial: number) => {
  const digits = `53310319900101${String(serial).padStart(3, '0')}`;
  return digits + checkCharacterOf(digits);
};
const villager = { name: '岩罕亮', homeRegionCode: '533103', consent: { method: 'paper' } };
const register = (change: object = {}, by = station) =>
  t.ask('POST', '/api/persons', { cookie: by.cookie, body: { ...villager, ...change } });
async function registered(change: object = {}): Promise<PersonInfo> {
  const response = await register(change);
  expect(response.status).toBe(201);
  return (await response.json()) as PersonInfo;
}
const verify = (id: string, body: object, by = station) =>
  t.ask('POST', `/api/persons/${id}/verification`, { cookie: by.cookie, body });
const codeOf = async (response: Response) => ((await response.json()) as ErrorBody).error.code;
async function list(query: string, by = station) {
  const response = await t.ask('GET', `/api/persons?${query}`, { cookie: by.cookie });
  expect(response.status).toBe(200);
  return (await response.json()) as { persons: PersonInfo[]; next: string | null };
}

describe('persons', () => {
  it('are masked on every screen', async () => {
    const person = await registered({ phone: '13812341234', idNumber: idNumber(1) });
    const shown = {
      name: '岩*亮',
      phone: '138****1234',
      idNumber: `53*************${idNumber(1).slice(-3)}`,
      verified: false,
      username: null,
    };
    expect(person).toMatchObject(shown);
    const read = await t.ask('GET', `/api/persons/${person.id}`, { cookie: station.cookie });
    expect(await read.json()).toMatchObject(shown);
  });

  it('without a mainland ID number show another document: sealed, unique, found, enough to be verified', async () => {
    const document = { kind: 'border-pass', number: 'ｍ 0123-4567' };
    const person = await registered({ document });
    expect(person).toMatchObject({
      idNumber: null,
      document: { kind: 'border-pass', number: 'M0****567' },
    });
    const again = await register({ document: { ...document, number: 'M01234567' } });
    expect(((await again.json()) as ErrorBody).error).toMatchObject({
      ...{ code: 'person.duplicate', fields: [{ path: 'document.number', rule: 'taken' }] },
    });
    // The same number of another kind of document is somebody else.
    await registered({ document: { kind: 'passport', number: 'M01234567' } });
    expect((await list('q=m01234567')).persons).toHaveLength(2);
    expect(await codeOf(await register({ document: { kind: 'passport', number: '12' } }))).toBe(
      'input.invalid',
    );
    const { rows } = await t.hub.db.run('SELECT document_sealed, document_hash FROM persons');
    expect(JSON.stringify(rows)).not.toContain('01234567');
    expect((await verify(person.id, { source: 'id-document' })).status).toBe(200);
  });

  it('are sealed in the files of the database', async () => {
    const secrets = ['岩罕亮', '13812341234', idNumber(1)];
    await registered({ phone: '13812341234', idNumber: idNumber(1) });
    const files = (await readdir(t.dataDir)).filter((name) => name.startsWith('hub.db'));
    expect(files).toContain('hub.db-wal');
    const bytes = Buffer.concat(await Promise.all(files.map((name) => readFile(join(t.dataDir, name)))));
    // What is not sealed is there to be found: the search itself works.
    expect(bytes.includes(Buffer.from(station.username))).toBe(true);
    for (const secret of secrets) expect(bytes.includes(Buffer.from(secret))).toBe(false);
  });

  it('are one each by ID number, also when two stations register at once', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => register({ idNumber: idNumber(7) })));
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409, 409]);
    expect(await codeOf(await register({ name: '另一人', idNumber: idNumber(7) }))).toBe('person.duplicate');
    const other = await registered({ name: '咩罕' });
    const clash = await verify(other.id, { source: 'id-document', idNumber: idNumber(7) });
    expect(await codeOf(clash)).toBe('person.duplicate');
  });

  it.each<[string, object, string]>([
    ['a wrong check character', { idNumber: '53310319900101001A' }, 'idNumber'],
    ['no name', { name: ' ' }, 'name'],
    ['an audience that is none', { audiences: ['外星人'] }, 'audiences'],
    ['sensitive data without its consent', { audiences: ['残疾人'] }, 'consent.sensitive'],
    ['no consent', { consent: undefined }, 'consent'],
  ])('are refused with %s', async (_, change, path) => {
    const response = await register(change);
    expect(response.status).toBe(400);
    expect(((await response.json()) as ErrorBody).error.fields[0]?.path).toBe(path);
  });

  it('consent to sensitive data apart', async () => {
    const person = await registered({
      audiences: ['残疾人'],
      consent: { method: 'spoken', sensitive: true },
    });
    const rows = (await t.hub.db.select().from(consents)).filter((row) => row.personId === person.id);
    expect(rows.map((row) => [row.subject, row.method, row.recordedBy]).sort()).toEqual([
      ['basic', 'spoken', station.accountId],
      ['sensitive', 'spoken', station.accountId],
    ]);
  });

  it('are verified once, with source and verifier, and news of it', async () => {
    const person = await registered();
    const verified = await verify(person.id, { source: 'id-document', idNumber: idNumber(3) });
    expect(verified.status).toBe(200);
    const shown = (await verified.json()) as PersonInfo;
    expect(shown).toMatchObject({ verified: true, verificationSource: 'id-document' });
    expect(await codeOf(await verify(person.id, { source: 'phone' }))).toBe('person.verified');
    const told = (await t.hub.db.select().from(outbox)).filter((e) => e.type === 'identity.person-verified');
    expect(told.map((event) => event.payload)).toEqual([
      { personId: person.id, verifiedAt: shown.verifiedAt },
    ]);
    const described = await t.hub.identity.describePersons([person.id, 'nobody']);
    expect([...described]).toEqual([
      [
        person.id,
        { displayName: '岩*亮', homeRegionCode: '533103', verified: true, verifiedAt: shown.verifiedAt },
      ],
    ]);
  });

  it('are not verified without what the source needs, nor by themselves, nor from elsewhere', async () => {
    const person = await registered();
    for (const [source, path] of [
      ['id-document', 'idNumber'],
      ['phone', 'phone'],
    ]) {
      const refused = await verify(person.id, { source });
      expect(((await refused.json()) as ErrorBody).error.fields[0]?.path).toBe(path);
    }
    expect((await verify(station.personId, { source: 'village-roster' })).status).toBe(403);
    const sibling = await signInAs(t.hub, { roles: [['station', '533124']] });
    const refused = await verify(person.id, { source: 'village-roster', idNumber: 'not looked at' }, sibling);
    expect(refused.status).toBe(403);
    expect((await register({}, sibling)).status).toBe(403);
  });

  it('are found by whole name, phone, ID number or username, in the own subtree only', async () => {
    const here = await registered({ phone: '13812341234', idNumber: idNumber(4) });
    await t.hub.identity.systemOnly.createPerson({ name: '岩罕亮', homeRegionCode: '533124' });
    for (const q of ['岩罕亮', ' 岩 罕亮', '+86 13812341234', idNumber(4).toLowerCase()])
      expect((await list(`q=${encodeURIComponent(q)}`)).persons.map((p) => p.id)).toEqual([here.id]);
    expect((await list(`q=${station.username}`)).persons.map((p) => p.id)).toEqual([station.personId]);
    expect((await list('q=%25')).persons).toEqual([]);
    const prefecture = await signInAs(t.hub, { roles: [['administrator', '533100']] });
    expect((await list(`q=${encodeURIComponent('岩罕亮')}`, prefecture)).persons).toHaveLength(3);
    expect(
      (await list(`q=${encodeURIComponent('岩罕亮')}&regionCode=533124`, prefecture)).persons,
    ).toHaveLength(1);
    const beyond = await t.ask('GET', '/api/persons?regionCode=533124', { cookie: station.cookie });
    expect(beyond.status).toBe(403);
  });

  it('come page by page', async () => {
    for (let n = 0; n < 60; n += 1)
      await t.hub.identity.systemOnly.createPerson({ name: `学员${n}`, homeRegionCode: '533103' });
    const first = await list('');
    const second = await list(`after=${first.next}`);
    expect([first.persons.length, second.persons.length, second.next]).toEqual([50, 11, null]);
    const ids = [...first.persons, ...second.persons].map((person) => person.id);
    expect(new Set(ids).size).toBe(61);
  });
});
