import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { NewStreamKey } from '../../server/broadcasts/stream-keys.ts';
import type { BroadcastView } from '../../server/broadcasts/messages.ts';
import { launchChromium } from '../support/chromium.ts';
import { eventually, openLiveHub, type LiveHub } from '../support/live-hub.ts';
import { pushTo } from '../support/encoder.ts';
import { signInAs, type Someone } from '../support/sign-in-as.ts';
import {
  decodedGaps,
  playWhep,
  publishWhip,
  stopWhip,
  whepState,
  type WhipOptions,
} from '../support/whip-client.ts';

let live: LiveHub;
let browser: Browser;
let host: Someone;
let token: string;
let pages: Page[] = [];

beforeAll(async () => {
  live = await openLiveHub({ ANNOUNCED_ADDRESS: '127.0.0.1', ENCODING_CORES: '1' });
  browser = await launchChromium();
  host = await signInAs(live.hub, { roles: [['host', '533103']] });
  const answer = await live.ask('POST', '/api/auth/tokens', host, { scope: 'publish' });
  token = ((await answer.json()) as { token: string }).token;
}, 60_000);
afterEach(async () => {
  await Promise.all(pages.map((page) => page.close()));
  pages = [];
  await eventually(
    () => live.hub.plane.counters(),
    ({ openTransports, openConsumers }) => openTransports === 0 && openConsumers === 0,
  );
});
afterAll(async () => {
  await browser.close();
  await live.close();
});

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
const end = (id: string) => live.ask('POST', `/api/broadcasts/${id}/end`, host);

async function blankPage(): Promise<Page> {
  const page = await browser.newPage();
  pages.push(page);
  await page.goto(`${live.origin}/healthz`);
  return page;
}

async function publish(id: string, options: Partial<WhipOptions> = {}) {
  const page = await blankPage();
  const { status } = await publishWhip(page, { endpoint: `${live.origin}/whip/${id}`, token, ...options });
  expect(status).toBe(201);
  await becomes(id, 'live');
  return page;
}

async function play(id: string, by?: string) {
  const page = await blankPage();
  return { page, ...(await playWhep(page, { endpoint: `${live.origin}/whep/${id}`, token: by })) };
}

const plays = (page: Page, moreThan = 15) =>
  eventually(
    () => whepState(page),
    ({ frames, soundPackets, width }) => frames > moreThan && soundPackets > 20 && width > 0,
  );

test.each([
  { name: 'H.264', options: {}, codec: 'video/H264' },
  { name: 'VP8', options: { onlyVideo: 'video/VP8' }, codec: 'video/VP8' },
  { name: 'simulcast', options: { onlyVideo: 'video/H264', simulcast: true }, codec: 'video/H264' },
])(
  'players without an account see $name, and are counted',
  async ({ options, codec }) => {
    const id = await plan();
    const early = await play(id);
    expect([early.status, early.answer]).toEqual([409, expect.stringContaining('broadcast.not-live')]);
    await publish(id, options);
    const [one, two] = [await play(id), await play(id)];
    expect([one.status, two.status]).toEqual([201, 201]);
    expect(await plays(one.page)).toMatchObject({ connection: 'connected', codec });
    await plays(two.page);
    expect((await read(id)).viewers).toBe(2);
    const metrics = await (await live.ask('GET', '/metrics')).text();
    expect(metrics).toContain(`xiangbo_broadcast_viewers{broadcast="${id}",way="whep"} 2`);

    expect((await live.ask('DELETE', one.location)).status).toBe(200);
    expect((await live.ask('DELETE', one.location)).status).toBe(404);
    expect((await read(id)).viewers).toBe(1);
    const { frames } = await whepState(two.page);
    await plays(two.page, frames + 10);
    await end(id);
  },
  60_000,
);

describe('a player stays, whoever sends', () => {
  const goesOn = async (page: Page, ...widths: number[]) => {
    const { frames, soundPackets } = await whepState(page);
    return eventually(
      () => whepState(page),
      (now) => now.frames > frames + 20 && now.soundPackets > soundPackets + 30 && widths.includes(now.width),
    );
  };

  test('while a crashed publisher comes back', async () => {
    const id = await plan();
    const first = await publish(id);
    const player = await play(id);
    expect(player.answer).toMatch(/a=ssrc-group:FID \d+ \d+/);
    await plays(player.page);
    await stopWhip(first);
    await becomes(id, 'interrupted');
    await publish(id, { width: 320 });
    // One stream after the other without a hole: nothing to repeat, nothing to make up for.
    expect(await goesOn(player.page, 320)).toMatchObject({ connection: 'connected', lost: 0 });
    expect((await read(id)).viewers).toBe(1);
    expect((await live.ask('DELETE', player.location)).status).toBe(200);
    await end(id);
    expect((await play(id)).status).toBe(409);
  }, 60_000);

  test('while another publisher takes over, with simulcast', async () => {
    const id = await plan();
    await publish(id, { width: 480 });
    const player = await play(id);
    await plays(player.page);
    await publish(id, { simulcast: true, onlyVideo: 'video/H264' });
    // Of the sizes 160, 320 and 640 one that had to be climbed to.
    await goesOn(player.page, 320, 640);
    await publish(id, { width: 480 });
    expect(await goesOn(player.page, 480)).toMatchObject({ connection: 'connected' });
    expect((await live.ask('DELETE', player.location)).status).toBe(200);
    await end(id);
  }, 60_000);

  test('but not while the picture comes in a codec that its description has not', async () => {
    const id = await plan();
    const first = await publish(id);
    const player = await play(id);
    await plays(player.page);
    await stopWhip(first);
    await becomes(id, 'interrupted');
    await publish(id, { onlyVideo: 'video/VP8' });
    expect((await live.ask('DELETE', player.location)).status).toBe(404);
    const again = await play(id);
    expect(await plays(again.page)).toMatchObject({ codec: 'video/VP8' });
    await end(id);
  }, 60_000);
});

test('an encoder’s B-frames are seen evenly, and in their order', async () => {
  const id = await plan();
  const made = await live.ask('POST', `/api/broadcasts/${id}/stream-key`, host);
  const { url, key } = (await made.json()) as NewStreamKey;
  const encoder = pushTo(`${url}/${key}`, { bFrames: 2, keyframeSeconds: 1 });
  try {
    await becomes(id, 'live');
    const player = await play(id);
    await plays(player.page);
    const gaps = await decodedGaps(player.page, 100);
    // 25 pictures a second, none before the one that it follows. Passed on as they are, two of three come out of order.
    expect(gaps).toHaveLength(100);
    expect(Math.min(...gaps)).toBeGreaterThan(0);
    expect(gaps.filter((gap) => gap > 20 && gap < 60).length).toBeGreaterThan(85);
    expect(await whepState(player.page)).toMatchObject({ lost: 0 });
  } finally {
    await encoder.kill();
  }
  await end(id);
}, 60_000);

test('who may not watch may not play', async () => {
  const id = await plan({ kind: 'class', visibility: 'members' });
  await publish(id);
  expect((await play(id)).status).toBe(401);
  const stranger = await signInAs(live.hub);
  const answer = await live.ask('POST', '/api/auth/tokens', stranger, { scope: 'play' });
  expect((await play(id, ((await answer.json()) as { token: string }).token)).status).toBe(403);
  const own = await live.ask('POST', '/api/auth/tokens', host, { scope: 'play' });
  const player = await play(id, ((await own.json()) as { token: string }).token);
  expect(player.status).toBe(201);
  await plays(player.page);
  // Its address alone is not enough for another.
  expect((await live.ask('DELETE', player.location)).status).toBe(401);
  await end(id);
}, 60_000);
