import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accounts, consents, persons } from '../../drizzle/schema/identity.ts';
import { auditLog } from '../../drizzle/schema/platform.ts';
import type { ErrorBody } from '../../server/platform/http/respond.ts';
import { openTestHub, type TestHub } from '../support/open-test-hub.ts';

let t: TestHub;
beforeEach(async () => {
  t = await openTestHub();
});
afterEach(() => t.close());

const complete = {
  name: '岩罕亮',
  phone: '138 1234 1234',
  username: 'Yan.Liang',
  password: 'coffee and rice',
  homeRegionCode: '533103',
  noticeVersion: '2026-11',
};
const register = (change: object = {}) =>
  t.ask('POST', '/api/auth/register', { body: { ...complete, ...change } });

describe('registering as a trainee', () => {
  it('makes an unverified person with an account, the role at home, the consent, and signs in', async () => {
    const notice = await (await t.ask('GET', '/api/auth/notice')).json();
    expect(notice).toMatchObject({ noticeVersion: complete.noticeVersion });
    expect(notice).toHaveProperty('audiences', expect.arrayContaining([{ name: '残疾人', sensitive: true }]));
    const response = await register();
    expect(response.status).toBe(201);
    const cookie = response.headers.get('set-cookie')!.split(';')[0]!;
    expect(await (await t.ask('GET', '/api/auth/me', { cookie })).json()).toMatchObject({
      account: { username: 'yan.liang' },
      person: { name: '岩*亮', phone: '138****1234', verified: false },
      grants: [{ role: 'trainee', regionCode: '533103' }],
    });
    const [consent] = await t.hub.db.select().from(consents);
    expect(consent).toMatchObject({ noticeVersion: '2026-11', method: 'self', subject: 'basic' });
    const [logged] = await t.hub.db.select().from(auditLog);
    expect(logged).toMatchObject({ action: 'account.register', regionCode: '533103' });
  });

  it.each<[string, object, string, string]>([
    ['a short password', { password: 'short' }, 'input.invalid', 'password'],
    ['a username like a phone', { username: '13812341234' }, 'input.invalid', 'username'],
    ['a landline', { phone: '0692-2112345' }, 'input.invalid', 'phone'],
    ['a blank name', { name: '   ' }, 'input.invalid', 'name'],
    ['a region that is none', { homeRegionCode: '999999' }, 'input.invalid', 'homeRegionCode'],
    ['no consent', { noticeVersion: undefined }, 'input.invalid', 'noticeVersion'],
    ['consent to an old notice', { noticeVersion: '2019-01' }, 'input.invalid', 'noticeVersion'],
  ])('refuses %s at the field and writes nothing', async (_, change, code, path) => {
    const response = await register(change);
    expect(response.status).toBe(400);
    const { error } = (await response.json()) as ErrorBody;
    expect(error.code).toBe(code);
    expect(error.fields.map((field) => field.path)).toEqual([path]);
    expect(error.sentence).toMatch(/[一-龥]/);
    expect(await t.hub.db.select().from(persons)).toEqual([]);
  });

  it('refuses a taken username or phone, also when both come at once', async () => {
    const answers = await Promise.all([
      register(),
      register({ phone: undefined }),
      register({ username: 'other' }),
    ]);
    const codes = await Promise.all(
      answers.map(async (a) => (a.status === 201 ? 'made' : ((await a.json()) as ErrorBody).error.code)),
    );
    expect(codes.filter((code) => code === 'made').length).toBeGreaterThan(0);
    const rows = await t.hub.db.select().from(accounts);
    expect(rows).toHaveLength(codes.filter((code) => code === 'made').length);
    expect(await t.hub.db.select().from(persons)).toHaveLength(rows.length);
    const again = await register({ phone: '13999999999' });
    const [error] = [((await again.json()) as ErrorBody).error];
    expect(again.status).toBe(409);
    expect(error).toMatchObject({ code: 'username.taken', fields: [{ path: 'username' }] });
  });

  it('is limited for one address', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 121; n += 1) statuses.push((await register({ password: 'short' })).status);
    expect(statuses.slice(0, 120).every((status) => status === 400)).toBe(true);
    expect(statuses[120]).toBe(429);
  });
});
