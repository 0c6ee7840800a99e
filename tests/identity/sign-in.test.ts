import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eq } from 'drizzle-orm';
import { accounts, authSessions } from '../../drizzle/schema/identity.ts';
import { systemClock } from '../../server/platform/clock.ts';
import { openLog } from '../../server/platform/log.ts';
import { openHub } from '../../server/hub.ts';
import type { ErrorBody } from '../../server/platform/http/respond.ts';
import { isOwnOrigin } from '../../server/realtime/origin.ts';
import { openTestHub, type TestHub } from '../support/open-test-hub.ts';
import { signInAs, TEST_PASSWORD, type Someone } from '../support/sign-in-as.ts';

let t: TestHub;
beforeEach(async () => {
  t = await openTestHub();
});
afterEach(() => t.close());

const login = (username: string, password: string, address?: string) =>
  t.ask('POST', '/api/auth/login', { body: { username, password }, address });
const cookieOf = (response: Response) => response.headers.get('set-cookie')!.split(';')[0]!;
const callerOf = ({ accountId, personId }: Someone) => ({ accountId, personId, grants: [] });
const me = (cookie?: string) => t.ask('GET', '/api/auth/me', { cookie });
async function errorOf(response: Response): Promise<ErrorBody['error']> {
  return ((await response.json()) as ErrorBody).error;
}

describe('signing in', () => {
  it('takes username or phone, whatever their form, and hands out a guarded cookie', async () => {
    await signInAs(t.hub, { username: 'yan.liang', phone: '13812341234' });
    for (const typed of ['yan.liang', ' Yan.Liang ', '13812341234', '+86 138 1234 1234']) {
      const response = await login(typed, TEST_PASSWORD);
      expect(response.status).toBe(200);
      const cookie = response.headers.get('set-cookie')!;
      expect(cookie).toMatch(/^xiangbo_session=[\w-]{43};/);
      expect(cookie).toMatch(/; HttpOnly/);
      expect(cookie).toMatch(/; SameSite=Lax/);
      expect(cookie).toMatch(/; Path=\//);
      expect(cookie).not.toMatch(/Secure/);
      expect((await me(cookieOf(response))).status).toBe(200);
    }
  });

  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['an https origin', { PUBLIC_ORIGIN: 'https://hub.example.cn' }, {}],
    ['a proxy that says https', { TRUST_PROXY: '1' }, { 'x-forwarded-proto': 'https' }],
  ])('marks the cookie Secure behind %s', async (_, env, headers) => {
    const secure = await openTestHub({ env });
    try {
      const { username } = await signInAs(secure.hub);
      const body = { username, password: TEST_PASSWORD };
      const response = await secure.ask('POST', '/api/auth/login', { body, headers });
      expect(response.headers.get('set-cookie')).toMatch(/; Secure/);
    } finally {
      await secure.close();
    }
  });

  it('answers alike, and after the same work, for unknown, wrong and disabled', async () => {
    await signInAs(t.hub, { username: 'known' });
    const gone = await signInAs(t.hub, { username: 'gone' });
    await t.hub.db.update(accounts).set({ status: 'disabled' }).where(eq(accounts.id, gone.accountId));
    await login('known', 'the first password warms up');
    const answers: { error: object; ms: number }[] = [];
    for (const [username, password] of [
      ['known', 'not the password'],
      ['nobody', 'not the password'],
      ['gone', TEST_PASSWORD],
      ['19912341234', 'not the password'],
    ] as const) {
      const from = performance.now();
      const response = await login(username, password);
      const ms = performance.now() - from;
      expect(response.status).toBe(401);
      expect(response.headers.get('set-cookie')).toBeNull();
      const { requestId, ...error } = await errorOf(response);
      expect(requestId).not.toBe('');
      answers.push({ error, ms });
    }
    for (const answer of answers) {
      expect(answer.error).toEqual(answers[0]!.error);
      // A password hash costs tens of milliseconds; without the dummy one an unknown name would cost about one.
      expect(answer.ms).toBeGreaterThan(8);
    }
    expect((await me(gone.cookie)).status).toBe(401);
  });

  it('stops guessing at one account, also when the right password comes at last, and nobody else', async () => {
    await signInAs(t.hub, { username: 'guessed' });
    await signInAs(t.hub, { username: 'neighbour' });
    for (let n = 0; n < 10; n += 1) expect((await login('guessed', `guess ${n}`)).status).toBe(401);
    const stopped = await login('guessed', TEST_PASSWORD);
    expect(stopped.status).toBe(429);
    const error = await errorOf(stopped);
    expect(error.code).toBe('rate.limited');
    expect(error.params.retryAfterSeconds).toBeGreaterThan(0);
    expect(stopped.headers.get('retry-after')).toBe(String(error.params.retryAfterSeconds));
    expect((await login('neighbour', TEST_PASSWORD)).status).toBe(200);
  });

  it('locks nobody out at home who is guessed at from elsewhere', async () => {
    await signInAs(t.hub, { username: 'guessed' });
    const tries = Array.from({ length: 70 }, (_, n) => login('guessed', `guess ${n}`, '203.0.113.7'));
    const answers = (await Promise.all(tries)).map((answer) => answer.status);
    expect(answers.filter((status) => status === 401)).toHaveLength(10);
    expect((await login('guessed', TEST_PASSWORD, '198.51.100.4')).status).toBe(200);
  });

  it('counts the guesses at a phone number together, however it is spelled', async () => {
    await signInAs(t.hub, { phone: '13812341234' });
    const spellings = ['13812341234', '+86 138 1234 1234', '138-1234-1234', '(138)12341234', '1-3812341234'];
    for (let n = 0; n < 10; n += 1)
      expect((await login(spellings[n % spellings.length]!, `guess ${n}`)).status).toBe(401);
    for (const spelling of [...spellings, '0086 138 12341234'])
      expect((await login(spelling, TEST_PASSWORD)).status).toBe(429);
  });

  it('lets no more through when the guesses come at once', async () => {
    await signInAs(t.hub, { username: 'guessed' });
    const answers = await Promise.all(Array.from({ length: 30 }, (_, n) => login('guessed', `guess ${n}`)));
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(10);
    expect(answers.filter((answer) => answer.status === 429)).toHaveLength(20);
  });

  it('stops one address that tries many accounts', async () => {
    const statuses = new Set<number>();
    for (let n = 0; n < 13; n += 1) {
      const tries = Array.from({ length: 10 }, (_, k) => login(`villager-${n}-${k}`, 'one password for all'));
      for (const answer of await Promise.all(tries)) statuses.add(answer.status);
      if (n < 12) expect([...statuses]).toEqual([401]);
    }
    expect(statuses).toContain(429);
  });

  it('forgives the tries of whoever then signs in', async () => {
    await signInAs(t.hub, { username: 'forgetful' });
    for (let round = 0; round < 3; round += 1) {
      for (let n = 0; n < 8; n += 1) expect((await login('forgetful', 'no')).status).toBe(401);
      expect((await login('forgetful', TEST_PASSWORD)).status).toBe(200);
    }
  });

  it('refuses a body that is none without echoing it', async () => {
    const response = await t.ask('POST', '/api/auth/login', {
      body: { username: 'x', password: 9876543210 },
    });
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain('9876543210');
  });
});

describe('sessions', () => {
  it('outlive a restart, and are not what the database holds', async () => {
    const someone = await signInAs(t.hub);
    const secret = someone.cookie.split('=')[1]!;
    const rows = await t.hub.db.select().from(authSessions);
    expect(rows.map((row) => row.id)).not.toContain(secret);
    await t.hub.close('restart');
    t.hub = await openHub({ config: t.config, clock: systemClock, log: openLog('error') });
    const askAgain = async (Cookie: string) =>
      (await t.hub.app.request('/api/auth/me', { headers: { Cookie } })).status;
    expect(await askAgain(someone.cookie)).toBe(200);
    expect(await askAgain(`xiangbo_session=${rows[0]!.id}`)).toBe(401);
    await t.hub.close('test over');
    t = await openTestHub();
  });

  it('run out', async () => {
    const someone = await signInAs(t.hub);
    await t.hub.db.update(authSessions).set({ expiresAt: Math.floor(Date.now() / 1000) - 1 });
    const refused = await me(someone.cookie);
    expect(refused.status).toBe(401);
    expect((await errorOf(refused)).code).toBe('auth.required');
    expect((await t.ask('GET', '/api/regions', { cookie: someone.cookie })).status).toBe(200);
  });

  it('are prolonged when half of their time is gone', async () => {
    const someone = await signInAs(t.hub);
    const tenDays = Math.floor(Date.now() / 1000) + 10 * 86_400;
    await t.hub.db.update(authSessions).set({ expiresAt: tenDays });
    await me(someone.cookie);
    const [row] = await t.hub.db.select().from(authSessions);
    expect(row!.expiresAt).toBeGreaterThan(tenDays + 19 * 86_400);
  });

  it('end by signing out, here and everywhere, and say so', async () => {
    const someone = await signInAs(t.hub);
    const other = await t.hub.identity.systemOnly.openSession(someone.accountId);
    const third = await t.hub.identity.systemOnly.openSession(someone.accountId);
    const ended: string[] = [];
    t.hub.identity.onAccountNews((news) => {
      if (news.kind === 'sessions-ended') ended.push(...news.authSessionIds);
    });
    const out = await t.ask('POST', '/api/auth/logout', { cookie: someone.cookie });
    expect(out.status).toBe(204);
    expect(out.headers.get('set-cookie')).toMatch(/xiangbo_session=;.*Max-Age=0/);
    expect((await me(someone.cookie)).status).toBe(401);
    expect(ended).toHaveLength(1);
    expect(await t.hub.identity.isSessionAlive(other.session.id)).toBe(true);
    const cookie = `xiangbo_session=${other.secret}`;
    const { token } = await t.hub.identity.issueToken(callerOf(someone), { scope: 'integration' });
    expect((await t.ask('GET', '/api/auth/me', { token })).status).toBe(200);
    await t.ask('POST', '/api/auth/logout-everywhere', { cookie });
    expect((await me(cookie)).status).toBe(401);
    expect((await t.ask('GET', '/api/auth/me', { token })).status).toBe(401);
    expect((await me(`xiangbo_session=${third.secret}`)).status).toBe(401);
    expect(await t.hub.identity.isSessionAlive(other.session.id)).toBe(false);
    expect(ended).toHaveLength(3);
  });

  it.each(['%E0%A4%A', 'x'.repeat(5000), "' OR 1=1 --", ''])(
    'bear a nonsense cookie: %.20s',
    async (value) => {
      expect((await me(`xiangbo_session=${value}; other=%`)).status).toBe(401);
    },
  );

  it('write only from our own pages', async () => {
    const { cookie } = await signInAs(t.hub);
    const headers = { origin: 'https://elsewhere.example', host: 'localhost' };
    const refused = await t.ask('POST', '/api/auth/logout-everywhere', { cookie, headers });
    expect((await errorOf(refused)).code).toBe('access.origin');
    expect((await me(cookie)).status).toBe(200);
  });
});

describe('own pages', () => {
  it('are those of PUBLIC_ORIGIN behind a proxy that rewrites Host, for requests and sockets alike', async () => {
    const publicOrigin = 'https://hub.example.cn';
    const proxied = await openTestHub({ env: { PUBLIC_ORIGIN: publicOrigin, TRUST_PROXY: '1' } });
    try {
      const host = '127.0.0.1:3000';
      for (const [origin, site, status] of [
        [publicOrigin, 'same-origin', 204],
        ['https://elsewhere.example', 'cross-site', 403],
        ['https://www.example.cn', 'same-site', 403],
        ['http://hub.example.cn', 'cross-site', 403],
        ['null', 'cross-site', 403],
      ] as const) {
        const { cookie } = await signInAs(proxied.hub);
        const headers = { origin, host, 'sec-fetch-site': site };
        const answer = await proxied.ask('POST', '/api/auth/logout', { cookie, headers });
        expect([origin, answer.status]).toEqual([origin, status]);
        expect(isOwnOrigin({ origin, host }, publicOrigin)).toBe(status === 204);
      }
    } finally {
      await proxied.close();
    }
  });
});

describe('the account page', () => {
  it('tells who is signed in, masked, and what they are offered', async () => {
    const someone = await signInAs(t.hub, {
      name: '岩罕亮',
      phone: '13812341234',
      roles: [['trainer', '533103']],
    });
    expect(await (await me(someone.cookie)).json()).toMatchObject({
      account: { id: someone.accountId, username: someone.username, displayName: null },
      person: {
        id: someone.personId,
        name: '岩*亮',
        phone: '138****1234',
        homeRegionCode: '533103',
        verified: false,
      },
      grants: [{ role: 'trainer', regionCode: '533103' }],
      sections: { teach: true, administration: false },
    });
  });

  it('changes the password and ends the other sessions and every token', async () => {
    const someone = await signInAs(t.hub);
    const other = await t.hub.identity.systemOnly.openSession(someone.accountId);
    const change = (current: string, next: string) =>
      t.ask('POST', '/api/auth/password', { cookie: someone.cookie, body: { current, next } });
    const wrong = await change('not it', 'a longer password');
    expect(wrong.status).toBe(400);
    expect((await errorOf(wrong)).fields[0]?.path).toBe('current');
    expect((await errorOf(await change(TEST_PASSWORD, '12345678'))).fields[0]?.path).toBe('next');
    const { token } = await t.hub.identity.issueToken(callerOf(someone), { scope: 'integration' });
    const news: string[] = [];
    t.hub.identity.onAccountNews(({ kind }) => news.push(kind));
    expect((await change(TEST_PASSWORD, 'a longer password')).status).toBe(204);
    expect(news).toContain('tokens-ended');
    expect((await t.ask('GET', '/api/auth/me', { token })).status).toBe(401);
    expect((await me(someone.cookie)).status).toBe(200);
    expect((await me(`xiangbo_session=${other.secret}`)).status).toBe(401);
    expect((await login(someone.username, TEST_PASSWORD)).status).toBe(401);
    expect((await login(someone.username, 'a longer password')).status).toBe(200);
  });

  it('shows others in a class the name a person chose, else 岩**', async () => {
    const someone = await signInAs(t.hub, { name: '岩罕亮' });
    const shown = async () => (await t.hub.identity.chatNames([someone.accountId])).get(someone.accountId);
    expect(await shown()).toBe('岩**');
    const choose = (displayName: string) =>
      t.ask('PATCH', '/api/auth/me', { cookie: someone.cookie, body: { displayName } });
    expect((await choose('小岩卖咖啡')).status).toBe(200);
    expect(await shown()).toBe('小岩卖咖啡');
    await choose('  ');
    expect(await shown()).toBe('岩**');
  });
});
