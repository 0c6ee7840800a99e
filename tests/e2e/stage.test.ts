import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BroadcastView } from '../../server/broadcasts/messages.ts';
import { launchChromium } from '../support/chromium.ts';
import { peopleOf } from '../support/people-of.ts';
import { openRoomPage, playbackMode, untilPlaying } from '../support/room-page.ts';
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

/** Resolves when each of the pictures beside the large one decodes, and there are `count` of them. */
async function untilTilesPlay(page: Page, count: number): Promise<void> {
  await page.waitForFunction(
    (wanted) => {
      const tiles = [...document.querySelectorAll<HTMLVideoElement>('.tiles video')];
      const plays = (video: HTMLVideoElement) => video.getVideoPlaybackQuality().totalVideoFrames > 10;
      return tiles.length === wanted && tiles.every(plays);
    },
    count,
    { timeout: 20_000 },
  );
}

it('shows a screen with the host in its corner, then a trainee who is given the floor, until it is taken back', async () => {
  const { trainer, trainee, onlooker } = await peopleOf(hub.dataDir, {
    trainer: { name: '岩罕亮', roles: [['trainer', '533103']] },
    trainee: { name: '勒排早相' },
    onlooker: { name: '孟晓芳' },
  });
  const created = await fetch(`${hub.origin}/api/broadcasts`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Cookie: trainer.cookie },
    body: JSON.stringify({ title: '遮放米怎么拍', kind: 'class', visibility: 'public' }),
  });
  const { id } = (await created.json()) as BroadcastView;
  // With cores enough the camera is sent in two sizes.
  const script = "Object.defineProperty(navigator, 'hardwareConcurrency', { get: () => 8 })";
  const host = await openRoomPage(browser, hub.origin, `/studio/${id}`, trainer, { script });
  await host.page.click('text=开始上课');
  await host.page.waitForSelector('.bar[data-sending="true"][data-state="live"]', { timeout: 30_000 });
  const viewer = await openRoomPage(browser, hub.origin, `/live/${id}`, onlooker);
  await untilPlaying(viewer.page);
  expect(await playbackMode(viewer.page)).toBe('webrtc');

  await host.page.click('role=button[name="共享屏幕"]');
  await host.page.waitForSelector('text=正在共享屏幕');
  await untilTilesPlay(viewer.page, 1);
  expect(await viewer.page.getAttribute('.tiles', 'data-layout')).toBe('picture-in-picture');
  expect(await viewer.page.innerText('.tiles')).toContain('岩**');

  const guest = await openRoomPage(browser, hub.origin, `/live/${id}`, trainee);
  await guest.page.click('role=button[name="举手"]');
  await guest.page.waitForSelector('text=已举手');
  await host.page.click('role=button[name="请上台"]');
  await guest.page.click('role=button[name="打开摄像头和麦克风"]');
  await guest.page.click('role=button[name="上台"]');
  await guest.page.waitForSelector('text=大家正在看您', { timeout: 20_000 });
  await untilTilesPlay(viewer.page, 2);
  // The host sees and hears whom they invited.
  await host.page.waitForFunction(
    () => (document.querySelector<HTMLVideoElement>('.others video')?.currentTime ?? 0) > 0.5,
  );
  await host.page.click('text=并排');
  await viewer.page.waitForSelector('.frame[data-split="3"]');

  // By the pages' own clocks: what the test's tool takes to press and to look is not the hub's.
  const pressed = host.page.evaluate(
    () => new Promise<number>((resolve) => document.addEventListener('click', () => resolve(Date.now()))),
  );
  const gone = viewer.page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const look = () => document.querySelectorAll('.tiles video').length === 1 && resolve(Date.now());
        new MutationObserver(look).observe(document.querySelector('.tiles')!, { childList: true });
      }),
  );
  await host.page.click('role=button[name="请下台"]');
  expect((await gone) - (await pressed)).toBeLessThan(1_000);
  await guest.page.waitForSelector('role=button[name="举手"]');
  await host.page.click('text=停止共享');
  await viewer.page.waitForFunction(() => document.querySelectorAll('.tiles video').length === 0);
  await untilPlaying(viewer.page);
  expect([host, guest, viewer].flatMap(({ faults }) => faults)).toEqual([]);
}, 120_000);
