import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eq } from 'drizzle-orm';
import { apiTokens } from '../../drizzle/schema/identity.ts';
import type { ErrorBody } from '../../server/platform/http/respond.ts';
import { openTestHub, type TestHub } from '../support/open-test-hub.ts';
import { signInAs, type Someone } from '../support/sign-in-as.ts';

let t: TestHub;
let owner: Someone;
beforeAll(async () => {
  t = await openTestHub();
  owner = await signInAs(t.hub, { roles: [['administrator', '533100']] });
});
afterAll(() => t.close());

async function issue(body: object): Promise<{ id: string; token: string; expiresAt: string }> {
  const response = await t.ask('POST', '/api/auth/tokens', { cookie: owner.cookie, body });
  expect(response.status).toBe(201);
  return (await response.json()) as { id: string; token: string; expiresAt: string };
}
const codeOf = async (response: Response) => ((await response.json()) as ErrorBody).error.code;

describe('bearer tokens', () => {
  it.each([
    ['publish', 30],
    ['play', 1],
    ['integration', 180],
  ])('of scope %s speak for their account for %i days', async (scope, days) => {
    const { token, expiresAt } = await issue({ scope });
    expect(Math.round((Date.parse(expiresAt) - Date.now()) / 86_400_000)).toBe(days);
    const me = await t.ask('GET', '/api/auth/me', { token });
    expect(await me.json()).toMatchObject({
      account: { id: owner.accountId },
      token: { scope, broadcastId: null },
    });
  });

  it('are cut to their scope: the account may, its token may not', async () => {
    const { token } = await issue({ scope: 'integration' });
    expect((await t.ask('GET', '/api/grants', { cookie: owner.cookie })).status).toBe(200);
    for (const [method, path] of [
      ['GET', '/api/grants'],
      ['GET', '/api/persons'],
      ['GET', '/api/auth/tokens'],
      ['POST', '/api/auth/logout-everywhere'],
    ] as const) {
      const response = await t.ask(method, path, { token });
      expect(response.status).toBe(403);
      expect(await codeOf(response)).toBe('access.denied');
    }
    const more = await t.ask('POST', '/api/auth/tokens', { token, body: { scope: 'publish' } });
    expect(more.status).toBe(403);
  });

  it('carry the broadcast they are cut to', async () => {
    const { token } = await issue({ scope: 'publish', broadcastId: 'b-1' });
    const me = await t.ask('GET', '/api/auth/me', { token });
    expect(await me.json()).toMatchObject({ token: { scope: 'publish', broadcastId: 'b-1' } });
  });

  it('are hashed at rest, listed without themselves, and end when revoked', async () => {
    const { id, token } = await issue({ scope: 'play' });
    const rows = JSON.stringify(await t.hub.db.select().from(apiTokens));
    expect(rows).not.toContain(token);
    expect(rows).not.toContain(token.slice(3));
    const listed = await (await t.ask('GET', '/api/auth/tokens', { cookie: owner.cookie })).text();
    expect(listed).toContain(id);
    expect(listed).not.toContain(token);
    const stranger = await signInAs(t.hub);
    const foreign = await t.ask('DELETE', `/api/auth/tokens/${id}`, { cookie: stranger.cookie });
    expect(foreign.status).toBe(404);
    expect((await t.ask('GET', '/api/auth/me', { token })).status).toBe(200);
    const told: string[] = [];
    const stop = t.hub.identity.onAccountNews(({ kind, accountId }) => told.push(`${kind} ${accountId}`));
    const revoked = await t.ask('DELETE', `/api/auth/tokens/${id}`, { cookie: owner.cookie });
    stop();
    expect(revoked.status).toBe(204);
    // Sockets that the token opened are cut by whoever hears this.
    expect(told).toEqual([`tokens-ended ${owner.accountId}`]);
    const refused = await t.ask('GET', '/api/auth/me', { token });
    expect(refused.status).toBe(401);
    expect(await codeOf(refused)).toBe('auth.expired');
  });

  it('run out, and nonsense is refused alike', async () => {
    const { id, token } = await issue({ scope: 'play' });
    await t.hub.db
      .update(apiTokens)
      .set({ expiresAt: '2020-01-01T00:00:00.000Z' })
      .where(eq(apiTokens.id, id));
    for (const dead of [token, 'xb_nonsense'])
      expect(await codeOf(await t.ask('GET', '/api/auth/me', { token: dead }))).toBe('auth.expired');
  });

  it('are at most fifty at a time for one account', async () => {
    const collector = await signInAs(t.hub);
    const ask = () =>
      t.ask('POST', '/api/auth/tokens', { cookie: collector.cookie, body: { scope: 'play' } });
    for (let n = 0; n < 50; n += 1) expect((await ask()).status).toBe(201);
    const refused = await ask();
    expect(refused.status).toBe(409);
    expect(await codeOf(refused)).toBe('token.too-many');
    const { tokens } = (await (
      await t.ask('GET', '/api/auth/tokens', { cookie: collector.cookie })
    ).json()) as { tokens: { id: string }[] };
    await t.ask('DELETE', `/api/auth/tokens/${tokens[0]!.id}`, { cookie: collector.cookie });
    expect((await ask()).status).toBe(201);
  });
});
