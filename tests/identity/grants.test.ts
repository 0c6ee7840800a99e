import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditLog } from '../../drizzle/schema/platform.ts';
import type { ErrorBody } from '../../server/platform/http/respond.ts';
import { openTestHub, type TestHub } from '../support/open-test-hub.ts';
import { signInAs, type Someone } from '../support/sign-in-as.ts';

let t: TestHub;
let county: Someone;
let someone: Someone;
beforeEach(async () => {
  t = await openTestHub();
  county = await signInAs(t.hub, { roles: [['administrator', '533103']] });
  someone = await signInAs(t.hub);
});
afterEach(() => t.close());

const give = (role: string, regionCode: string, username = someone.username, by = county) =>
  t.ask('POST', '/api/grants', { cookie: by.cookie, body: { username, role, regionCode } });
const revoke = (id: string, by = county) => t.ask('DELETE', `/api/grants/${id}`, { cookie: by.cookie });
const codeOf = async (response: Response) => ((await response.json()) as ErrorBody).error.code;
const idOf = async (response: Response) => ((await response.json()) as { id: string }).id;

describe('roles', () => {
  it('count from the next request on, and end at once', async () => {
    const persons = () => t.ask('GET', '/api/persons', { cookie: someone.cookie });
    const news: string[] = [];
    t.hub.identity.onAccountNews((told) => news.push(`${told.kind} ${told.accountId}`));
    expect((await persons()).status).toBe(403);
    const id = await idOf(await give('station', '533103'));
    expect((await persons()).status).toBe(200);
    expect((await revoke(id)).status).toBe(204);
    expect((await persons()).status).toBe(403);
    expect(news).toEqual(Array(2).fill(`rights-changed ${someone.accountId}`));
    const logged = (await t.hub.db.select().from(auditLog)).map((row) => row.action);
    expect(logged).toEqual(expect.arrayContaining(['grant.give', 'grant.revoke']));
    expect(await codeOf(await revoke(id))).toBe('not-found');
  });

  it.each([
    ['to a sibling', 'trainer', '533124'],
    ['to the parent', 'prefecture-official', '533100'],
    ['to everywhere', 'administrator', '000000'],
  ])('are not given %s by a county administrator, to another or oneself', async (_, role, regionCode) => {
    for (const username of [someone.username, county.username]) {
      const refused = await give(role, regionCode, username);
      expect(refused.status).toBe(403);
      expect(await codeOf(refused)).toBe('access.denied');
    }
  });

  it.each([
    ['county-official', '533100', 'regionCode'],
    ['prefecture-official', '533103', 'regionCode'],
    ['trainer', '533999', 'regionCode'],
  ])('%s is not held for %s', async (role, regionCode, path) => {
    const everywhere = await signInAs(t.hub, { roles: [['administrator', '000000']] });
    const refused = await give(role, regionCode, someone.username, everywhere);
    expect(refused.status).toBe(400);
    expect(((await refused.json()) as ErrorBody).error.fields[0]?.path).toBe(path);
  });

  it('are held once, by an account that exists', async () => {
    expect((await give('trainer', '533103')).status).toBe(201);
    expect(await codeOf(await give('trainer', '533103'))).toBe('grant.exists');
    expect(await codeOf(await give('trainer', '533103', 'nobody-here'))).toBe('input.invalid');
  });

  it('of another county are not revoked, nor the last administrator of all', async () => {
    const everywhere = await signInAs(t.hub, { roles: [['administrator', '000000']] });
    const id = await idOf(await give('trainer', '533124', someone.username, everywhere));
    expect((await revoke(id)).status).toBe(403);
    const listed = await t.ask('GET', '/api/grants?role=administrator', { cookie: everywhere.cookie });
    const { grants } = (await listed.json()) as { grants: { id: string; regionCode: string }[] };
    const own = grants.find((grant) => grant.regionCode === '000000')!;
    expect(await codeOf(await revoke(own.id, everywhere))).toBe('grant.last');
    await give('administrator', '000000', someone.username, everywhere);
    expect((await revoke(own.id, everywhere)).status).toBe(204);
  });

  it('are listed masked, in the own subtree, page by page', async () => {
    for (let n = 0; n < 55; n += 1) await signInAs(t.hub, { roles: [['trainee', '533103']] });
    await signInAs(t.hub, { roles: [['trainee', '533124']] });
    const page = async (query: string) =>
      (await (await t.ask('GET', `/api/grants?${query}`, { cookie: county.cookie })).json()) as {
        grants: { name: string; regionCode: string }[];
        next: string | null;
      };
    const first = await page('role=trainee');
    expect(first.grants).toHaveLength(50);
    const second = await page(`role=trainee&after=${first.next}`);
    expect(second.grants).toHaveLength(5);
    expect(second.next).toBeNull();
    const all = [...first.grants, ...second.grants];
    expect(new Set(all.map((grant) => grant.regionCode))).toEqual(new Set(['533103']));
    expect(all[0]!.name).toBe('岩*亮');
  });
});
