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
