import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accounts, oneTimeCodes, persons } from '../../drizzle/schema/identity.ts';
import type { ErrorBody } from '../../server/platform/http/respond.ts';
import { openTestHub, type TestHub } from '../support/open-test-hub.ts';

let t: TestHub;
beforeEach(async () => {
  t = await openTestHub();
});
afterEach(() => t.close());

const setUp = (token: string, change: object = {}) =>
  t.ask('POST', '/api/setup', {
    body: { token, username: 'admin', password: 'coffee and rice', name: '排早', ...change },
  });
const isValid = async (token: string) =>
  ((await (await t.ask('GET', `/api/setup/${token}`)).json()) as { valid: boolean }).valid;
const codeOf = async (response: Response) => ((await response.json()) as ErrorBody).error.code;

describe('the first administrator', () => {
  it('is made with the link of the console, for everywhere, and is signed in', async () => {
    const link = (await t.hub.identity.ensureSetupLink())!;
    expect(JSON.stringify(await t.hub.db.select().from(oneTimeCodes))).not.toContain(link);
    expect(await isValid(link)).toBe(true);
    const response = await setUp(link, { homeRegionCode: '533100' });
    expect(response.status).toBe(201);
    const cookie = response.headers.get('set-cookie')!.split(';')[0]!;
    expect(await (await t.ask('GET', '/api/auth/me', { cookie })).json()).toMatchObject({
      grants: [{ role: 'administrator', regionCode: '000000' }],
      person: { homeRegionCode: '533100' },
      sections: { administration: true },
    });
    expect(await isValid(link)).toBe(false);
    expect(await t.hub.identity.ensureSetupLink()).toBeUndefined();
  });

  it('is made by the newest link only', async () => {
    const first = (await t.hub.identity.ensureSetupLink())!;
    const second = (await t.hub.identity.ensureSetupLink())!;
    expect(await isValid(first)).toBe(false);
    expect(await codeOf(await setUp(first))).toBe('setup.link-invalid');
    expect((await setUp(second)).status).toBe(201);
  });

  it('is one, when two use the link at once', async () => {
    const link = (await t.hub.identity.ensureSetupLink())!;
    const answers = await Promise.all(['one', 'two', 'three'].map((username) => setUp(link, { username })));
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 400, 400]);
    expect(await t.hub.db.select().from(accounts)).toHaveLength(1);
    expect(await t.hub.db.select().from(persons)).toHaveLength(1);
  });

  it('keeps the link when the input was refused', async () => {
    const link = (await t.hub.identity.ensureSetupLink())!;
    expect(await codeOf(await setUp(link, { password: 'short' }))).toBe('input.invalid');
    expect(await isValid(link)).toBe(true);
    expect((await setUp(link)).status).toBe(201);
  });

  it('is not made by guessing', async () => {
    await t.hub.identity.ensureSetupLink();
    expect(await isValid('guess')).toBe(false);
    expect(await codeOf(await setUp('guess'))).toBe('setup.link-invalid');
  });
});
