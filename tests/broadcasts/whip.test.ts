import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { BroadcastView } from '../../server/broadcasts/messages.ts';
import { launchChromium } from '../support/chromium.ts';
import { eventually, openLiveHub, type LiveHub } from '../support/live-hub.ts';
import { signInAs, type Someone } from '../support/sign-in-as.ts';
import {
  publishWhip,
  restartIceByWhip,
  stopWhip,
  whipState,
  type WhipOptions,
} from '../support/whip-client.ts';

let live: LiveHub;
let browser: Browser;
let host: Someone;
let token: string;
let pages: Page[] = [];

beforeAll(async () => {
  live = await openLiveHub({ ICE_SERVERS: 'stun:stun.example.cn' });
  browser = await launchChromium();
  host = await signInAs(live.hub, { roles: [['host', '533103']] });
  token = await tokenOf(host);
}, 60_000);
afterEach(async () => {
  await Promise.all(pages.map((page) => page.close()));
  pages = [];
  // Nothing of a session outlives it.
  await eventually(
    () => live.hub.plane.counters(),
    ({ openTransports, openProducers }) => openTransports === 0 && openProducers === 0,
  );
});
afterAll(async () => {
  await browser.close();
  await live.close();
});

async function tokenOf(someone: Someone, scope = 'publish'): Promise<string> {
  const answer = await live.ask('POST', '/api/auth/tokens', someone, { scope });
  return ((await answer.json()) as { token: string }).token;
}

async function plan(more: object = {}): Promise<string> {
  const body = { title: '咖啡上新', kind: 'sale', ...more };
  return ((await (await live.ask('POST', '/api/broadcasts', host, body)).json()) as { id: string }).id;
}

const read = async (id: string) =>
  (await (await live.ask('GET', `/api/broadcasts/${id}`, host)).json()) as BroadcastView;
const becomes = (id: string, state: BroadcastView['state']) =>
  eventually(
    async () => (await read(id)).state,
    (now) => now === state,
  );

async function encoderPage(): Promise<Page> {
  const page = await browser.newPage();
  pages.push(page);
  // Any page of the origin: getUserMedia wants one.
  await page.goto(`${live.origin}/healthz`);
  return page;
}

async function publish(id: string, options: Partial<WhipOptions> = {}) {
  const page = await encoderPage();
  const endpoint = `${live.origin}/whip/${id}`;
  return { page, ...(await publishWhip(page, { endpoint, token, ...options })) };
}

function request(method: string, path: string, headers: Record<string, string> = {}, body?: string) {
  return fetch(live.origin + path, {
    method,
    headers: { Authorization: `Bearer ${token}`, ...headers },
    body,
  });
}

const FRAGMENT = { 'Content-Type': 'application/trickle-ice-sdpfrag' };

describe('a browser that knows WHIP only', () => {
  test('publishes, trickles, restarts ICE, leaves and comes back to the same broadcast', async () => {
    const id = await plan();
    const { page, status, location, etag, link, offer, answer } = await publish(id);
    expect([status, link]).toEqual([201, '<stun:stun.example.cn>; rel="ice-server"']);
    expect(location).toMatch(new RegExp(`^/whip/${id}/[\\w-]{24}$`));
    expect(answer).toContain('a=setup:passive');
    await becomes(id, 'live');
    expect(await whipState(page)).toMatchObject({ connection: 'connected', codec: 'video/H264' });

    const mine = (name: string) => new RegExp(`a=${name}:\\S+`).exec(offer)![0];
    const fragment = `${mine('ice-ufrag')}\r\n${mine('ice-pwd')}\r\na=end-of-candidates\r\n`;
    const at = async (ifMatch: Record<string, string>, body = fragment) =>
      (await request('PATCH', location, { ...FRAGMENT, ...ifMatch }, body)).status;
    expect(await at({ 'If-Match': etag })).toBe(204);
    expect(await at({})).toBe(428);
    expect(await at({ 'If-Match': '"another"' })).toBe(412);
    expect(await at({ 'If-Match': etag }, 'not a fragment')).toBe(400);

    const restarted = await restartIceByWhip(page, { location, token });
    expect(restarted.status).toBe(200);
    expect(restarted.etag).not.toBe(etag);
    expect(await at({ 'If-Match': etag })).toBe(412);
    const { frames } = await whipState(page);
    await eventually(
      () => whipState(page),
      (now) => now.frames > frames + 20 && now.connection === 'connected',
    );
    expect((await read(id)).state).toBe('live');

    expect((await request('DELETE', location)).status).toBe(200);
    await becomes(id, 'interrupted');
    expect((await request('DELETE', location)).status).toBe(404);
    const again = await publish(id);
    expect(again.status).toBe(201);
    await becomes(id, 'live');
    await live.ask('POST', `/api/broadcasts/${id}/end`, host);
    expect((await publish(id)).status).toBe(409);
  }, 60_000);

  test.each([
    { name: 'VP8 only', options: { onlyVideo: 'video/VP8' }, codec: 'video/VP8' },
    { name: 'simulcast', options: { onlyVideo: 'video/H264', simulcast: true }, codec: 'video/H264' },
  ])(
    '$name goes on the air',
    async ({ options, codec }) => {
      const id = await plan();
      const { page, status } = await publish(id, options);
      expect(status).toBe(201);
      await becomes(id, 'live');
      const state = await eventually(
        () => whipState(page),
        ({ rids }) => !('simulcast' in options) || rids.length >= 2,
      );
      expect(state.codec).toBe(codec);
      await live.ask('POST', `/api/broadcasts/${id}/end`, host);
    },
    60_000,
  );

  test('that crashes interrupts the broadcast, and its session is gone within 10 s', async () => {
    const id = await plan();
    const { page, location } = await publish(id);
    await becomes(id, 'live');
    await stopWhip(page);
    const goneAt = Date.now();
    await becomes(id, 'interrupted');
    await eventually(
      () => live.hub.plane.counters().openTransports,
      (open) => open === 0,
    );
    expect((await request('DELETE', location)).status).toBe(404);
    expect(Date.now() - goneAt).toBeLessThan(10_000);
  }, 60_000);
});

describe('a second publisher', () => {
  test('of the same account takes over', async () => {
    const id = await plan();
    const first = await publish(id);
    await becomes(id, 'live');
    const second = await publish(id);
    expect(second.status).toBe(201);
    expect((await request('DELETE', first.location)).status).toBe(404);
    await eventually(
      () => whipState(second.page),
      ({ frames }) => frames > 20,
    );
    expect((await read(id)).state).toBe('live');
    await live.ask('POST', `/api/broadcasts/${id}/end`, host);
  }, 60_000);

  test('is refused where the broadcast says so, and another account always', async () => {
    const id = await plan({ secondPublisher: 'refuse' });
    expect(await read(id)).toMatchObject({ secondPublisher: 'refuse' });
    const first = await publish(id);
    await becomes(id, 'live');
    const second = await publish(id);
    expect([second.status, second.answer]).toEqual([
      409,
      expect.stringContaining('broadcast.live-elsewhere'),
    ]);
    const other = await signInAs(live.hub, { roles: [['host', '533103']] });
    const stranger = await publish(id, { token: await tokenOf(other) });
    expect(stranger.status).toBe(403);
    expect((await whipState(first.page)).connection).toBe('connected');
    await live.ask('POST', `/api/broadcasts/${id}/end`, host);
  }, 60_000);
});
