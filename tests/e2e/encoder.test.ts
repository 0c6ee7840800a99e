import { mkdir } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BroadcastView } from '../../server/broadcasts/messages.ts';
import { launchChromium } from '../support/chromium.ts';
import { pushTo } from '../support/encoder.ts';
import { eventually } from '../support/live-hub.ts';
import { peopleOf } from '../support/people-of.ts';
import { openRoomPage, untilPlaying } from '../support/room-page.ts';
import { serveHub, type ServedHub } from '../support/serve-hub.ts';

let hub: ServedHub;
let browser: Browser;

beforeAll(async () => {
  [hub, browser] = await Promise.all([serveHub(), launchChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

const previewFrames = (page: Page) =>
  page.evaluate(
    () =>
      document.querySelector<HTMLVideoElement>('.encoder video')?.getVideoPlaybackQuality()
        .totalVideoFrames ?? 0,
  );

it('sets up an encoder on the studio page, shows its picture and advice, and ends the class there', async () => {
  const { host, guest } = await peopleOf(hub.dataDir, {
    host: { name: '岩罕亮', roles: [['host', '533103']] },
    guest: { name: '孟晓芳' },
  });
  const created = await fetch(`${hub.origin}/api/broadcasts`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Cookie: host.cookie },
    body: JSON.stringify({ title: '后谷咖啡上新', kind: 'sale' }),
  });
  const { id } = (await created.json()) as BroadcastView;
  const studio = await openRoomPage(browser, hub.origin, `/studio/${id}`, host);
  const { page } = studio;
  await page.click('.encoder-setup summary');
  await page.click('text=生成推流密钥');
  const key = await page.innerText('.once .value');
  const url = await page.innerText('.encoder-setup code');
  await look(page, 'setup');

  const encoder = pushTo(`${url}/${key}`, { size: '640x360', keyframeSeconds: 6 });
  try {
    await page.waitForSelector('[data-encoder="true"][data-state="live"]', { timeout: 20_000 });
    await eventually(
      () => previewFrames(page),
      (frames) => frames > 25,
    );
    await page.waitForSelector('text=关键帧间隔', { timeout: 20_000 });
    const viewer = await openRoomPage(browser, hub.origin, `/live/${id}`, guest);
    await untilPlaying(viewer.page, 25, 40_000);
    await look(page, 'on-air');

    await page.click('text=结束上课');
    await page.click('text=马上结束');
    await page.waitForSelector('text=看回放', { timeout: 20_000 });
    await encoder.ended;
    expect([...studio.faults, ...viewer.faults]).toEqual([]);
  } finally {
    await encoder.kill();
  }
});

it('keeps a host’s own key on their page: shown once, changed, taken back', async () => {
  const { own } = await peopleOf(hub.dataDir, { own: { name: '番云江', roles: [['host', '533103']] } });
  const me = await openRoomPage(browser, hub.origin, '/me', own);
  const { page } = me;
  await page.click('button:has-text("生成推流密钥")');
  const first = await page.innerText('.once .value');
  expect(first).toMatch(/^[\w-]{32}$/);
  await look(page, 'own-key');
  await page.goto(`${hub.origin}/me`);
  expect(await page.innerText('main')).not.toContain(first);
  await page.click('button:has-text("换一个密钥")');
  await page.waitForSelector('.once .value');
  expect(await page.innerText('.once .value')).not.toBe(first);
  await page.click('button:has-text("作废密钥")');
  await page.waitForSelector('text=密钥已作废');
  expect(await page.locator('button:has-text("作废密钥")').count()).toBe(0);
  expect(me.faults).toEqual([]);
});

it('lists recordings about to expire: held with a reason, let go again, downloaded', async () => {
  const { teacher, auditor, host } = await peopleOf(hub.dataDir, {
    teacher: { name: '岩*', roles: [['trainer', '533103']] },
    auditor: { name: '段果', roles: [['auditor', '533103']] },
    host: { name: '罕果', roles: [['host', '533103']] },
  });
  const ask = async (method: string, path: string, cookie: string, body?: unknown) =>
    fetch(`${hub.origin}${path}`, {
      method,
      headers: { 'Content-Type': 'application/json', Cookie: cookie, Origin: hub.origin },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  const created = await ask('POST', '/api/broadcasts', teacher.cookie, { title: '第一课', kind: 'class' });
  const { id } = (await created.json()) as BroadcastView;
  const made = await ask('POST', `/api/broadcasts/${id}/stream-key`, teacher.cookie);
  const { url, key } = (await made.json()) as { url: string; key: string };
  const encoder = pushTo(`${url}/${key}`, { keyframeSeconds: 1 });
  const state = async () =>
    ((await (await ask('GET', `/api/broadcasts/${id}`, teacher.cookie)).json()) as BroadcastView).state;
  await eventually(state, (now) => now === 'live');
  await ask('POST', `/api/broadcasts/${id}/end`, teacher.cookie);
  await encoder.ended;
  expect(
    (await ask('PUT', `/api/broadcasts/${id}/hold`, auditor.cookie, { reason: '省里检查' })).status,
  ).toBe(200);

  const list = await openRoomPage(browser, hub.origin, '/me', auditor);
  const { page } = list;
  await page.click('text=录像即将到期');
  await page.waitForSelector('li:has-text("第一课"):has-text("省里检查")');
  await look(page, 'recordings');
  const href = await page.getAttribute('a:has-text("下载录像")', 'href');
  const file = await ask('GET', href!, auditor.cookie);
  expect([file.status, file.headers.get('content-type')]).toEqual([200, 'video/mp4']);
  await page.click('button:has-text("不再留，照期删除")');
  await page.waitForSelector('text=近期没有要到期的录像');
  expect(list.faults).toEqual([]);
  expect((await ask('GET', '/recordings', host.cookie)).status).toBe(403);
}, 60_000);

/** For the eyes: `LOOK_AT=<folder>` keeps pictures of the page in every size and look. */
async function look(page: Page, name: string): Promise<void> {
  const folder = process.env.LOOK_AT;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  for (const size of [
    { width: 1440, height: 900 },
    { width: 360, height: 800 },
  ]) {
    await page.setViewportSize(size);
    await page.screenshot({ path: `${folder}/${name}-${size.width}.png`, fullPage: true });
  }
}
