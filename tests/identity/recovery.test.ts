import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eq } from 'drizzle-orm';
import { auditLog } from '../../drizzle/schema/platform.ts';
import { oneTimeCodes, roleGrants } from '../../drizzle/schema/identity.ts';
import type { Clock } from '../../server/platform/clock.ts';
import type { ErrorBody } from '../../server/platform/http/respond.ts';
import { openTestHub, type TestHub } from '../support/open-test-hub.ts';
import { signInAs, type Someone } from '../support/sign-in-as.ts';

let t: TestHub;
let station: Someone;
let trainee: Someone;
let aheadMs = 0;
const clock: Clock = { now: () => Date.now() + aheadMs };

beforeEach(async () => {
  aheadMs = 0;
  t = await openTestHub({ clock });
  station = await signInAs(t.hub, { roles: [['station', '533103']] });
  trainee = await signInAs(t.hub, { roles: [['trainee', '533103']], username: 'forgetful' });
});
afterEach(() => t.close());

const issue = (personId: string, by: Someone = station) =>
  t.ask('POST', `/api/persons/${personId}/recovery-code`, { cookie: by.cookie });
async function codeFor(personId: string): Promise<string> {
  const response = await issue(personId);
  expect(response.status).toBe(201);
  return ((await response.json()) as { code: string }).code;
}
const recover = (code: string, username = 'forgetful', password = 'a new password') =>
  t.ask('POST', '/api/auth/recover', { body: { username, code, password } });
const codeOf = async (response: Response) => ((await response.json()) as ErrorBody).error.code;

describe('a forgotten password', () => {
  it('is replaced with a code that a station hands out; sessions and tokens end; all is audited', async () => {
    const issued = await t.hub.identity.issueToken(
      { accountId: trainee.accountId, personId: trainee.personId, grants: [] },
      { scope: 'play' },
    );
    const code = await codeFor(trainee.personId);
    expect(code).toMatch(/^\d{8}$/);
    expect(JSON.stringify(await t.hub.db.select().from(oneTimeCodes))).not.toContain(code);
    const readAloud = `${code.slice(0, 4)} ${code.slice(4)}`;
    expect((await recover(readAloud)).status).toBe(204);
    expect((await t.ask('GET', '/api/auth/me', { cookie: trainee.cookie })).status).toBe(401);
    expect((await t.ask('GET', '/api/auth/me', { token: issued.token })).status).toBe(401);
    const login = { username: 'forgetful', password: 'a new password' };
    expect((await t.ask('POST', '/api/auth/login', { body: login })).status).toBe(200);
    const actions = (await t.hub.db.select().from(auditLog)).map((row) => [row.action, row.actorAccountId]);
    expect(actions).toContainEqual(['account.issue-code', station.accountId]);
    expect(actions).toContainEqual(['account.recover', trainee.accountId]);
  });

  it('takes a code once', async () => {
    const code = await codeFor(trainee.personId);
    const answers = await Promise.all([recover(code), recover(code)]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([204, 400]);
  });

  it('takes a code for thirty minutes, and only the newest', async () => {
    const first = await codeFor(trainee.personId);
    const second = await codeFor(trainee.personId);
    expect(await codeOf(await recover(first))).toBe('auth.code-invalid');
    aheadMs = 30 * 60_000 + 1000;
    expect(await codeOf(await recover(second))).toBe('auth.code-invalid');
    aheadMs = 29 * 60_000;
    expect((await recover(second)).status).toBe(204);
  });

  it('gives a code up after five wrong tries', async () => {
    const code = await codeFor(trainee.personId);
    const wrong = code === '00000000' ? '11111111' : '00000000';
    for (let n = 0; n < 5; n += 1) expect(await codeOf(await recover(wrong))).toBe('auth.code-invalid');
    expect(await codeOf(await recover(code))).toBe('auth.code-invalid');
  });

  it('answers alike for an account that is none', async () => {
    const { requestId: _, ...unknown } = ((await (await recover('12345678', 'nobody')).json()) as ErrorBody)
      .error;
    const { requestId: __, ...wrong } = ((await (await recover('12345678')).json()) as ErrorBody).error;
    expect(unknown).toEqual(wrong);
  });

  it('ends with the promotion of its holder', async () => {
    const code = await codeFor(trainee.personId);
    await t.hub.identity.systemOnly.giveRole(trainee.accountId, 'administrator', '533100');
    expect(await codeOf(await recover(code))).toBe('auth.code-invalid');
    expect((await t.ask('GET', '/api/auth/me', { cookie: trainee.cookie })).status).toBe(200);
  });

  it('is worth nothing once its issuer may not hand one out any more', async () => {
    const code = await codeFor(trainee.personId);
    await t.hub.db
      .update(roleGrants)
      .set({ revokedAt: new Date().toISOString() })
      .where(eq(roleGrants.accountId, station.accountId));
    expect(await codeOf(await recover(code))).toBe('auth.code-invalid');
  });

  it('lets nobody rise: a station cannot reset an administrator who lives there', async () => {
    const administrator = await signInAs(t.hub, { roles: [['administrator', '000000']] });
    const trainer = await signInAs(t.hub, { roles: [['trainer', '533103']] });
    for (const target of [administrator, trainer]) {
      const refused = await issue(target.personId);
      expect(refused.status).toBe(403);
    }
    expect((await issue(trainer.personId, administrator)).status).toBe(201);
  });

  it('is no business of the sibling county, and needs an account', async () => {
    const sibling = await signInAs(t.hub, { roles: [['station', '533124']] });
    expect((await issue(trainee.personId, sibling)).status).toBe(403);
    const villager = await t.hub.identity.systemOnly.createPerson({ name: '咩罕', homeRegionCode: '533103' });
    expect(await codeOf(await issue(villager))).toBe('person.without-account');
    expect(await codeOf(await issue('no-such-person'))).toBe('not-found');
  });
});
