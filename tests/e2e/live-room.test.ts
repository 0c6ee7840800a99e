import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BroadcastView } from '../../server/broadcasts/messages.ts';
import { launchChromium } from '../support/chromium.ts';
import { eventually } from '../support/live-hub.ts';
import { peopleOf } from '../support/people-of.ts';
import {
  killChildren,
  openRoomPage,
  playbackMode,
  untilPlaying,
  type RoomPage,
} from '../support/room-page.ts';
import { serveHub, type ServedHub } from '../support/serve-hub.ts';

let hub: ServedHub;
let browser: Browser;

beforeAll(async () => {
  [hub, browser] = await Promise.all([serveHub({ env: { PRESENCE_PING_SECONDS: '1' } }), launchChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

const SENDING = '.bar[data-sending="true"][data-state="live"]';

async function untilAllPlay(studio: RoomPage, viewers: RoomPage[]): Promise<void> {
  await studio.page.waitForSelector(SENDING, { timeout: 40_000 });
  await Promise.all(viewers.map(({ page }) => untilPlaying(page, 25, 40_000)));
  for (const { page } of [studio, ...viewers])
    expect(await page.evaluate(() => 'stillHere' in window)).toBe(true);
}

it('carries a class through a dead worker, a dead ffmpeg and a killed hub, into its replay', async () => {
  const { trainer, quick, saving } = await peopleOf(hub.dataDir, {
    trainer: { name: '岩罕亮', roles: [['trainer', '533103']] },
    quick: { name: '勒排早相' },
    saving: { name: '孟晓芳' },
  });
  const created = await fetch(`${hub.origin}/api/broadcasts`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Cookie: trainer.cookie },
    body: JSON.stringify({ title: '遮放米怎么拍', kind: 'class', visibility: 'public' }),
  });
  const { id } = (await created.json()) as BroadcastView;
  const read = async () => {
    const answer = await fetch(`${hub.origin}/api/broadcasts/${id}`, { headers: { Cookie: trainer.cookie } });
    return (await answer.json()) as BroadcastView;
  };

  const studio = await openRoomPage(browser, hub.origin, `/studio/${id}`, trainer);
  const viewer = await openRoomPage(browser, hub.origin, `/live/${id}`, quick);
  const saver = await openRoomPage(browser, hub.origin, `/live/${id}`, saving);
  const viewers = [viewer, saver];
  expect(await viewer.page.innerText('main')).toContain('还没开播');

  await studio.page.click('text=开始上课');
  await studio.page.waitForSelector(SENDING);
  await saver.page.click('text=省流量');
  await untilAllPlay(studio, viewers);
  expect(await playbackMode(viewer.page)).toBe('webrtc');
  expect(await playbackMode(saver.page)).toBe('hls');

  const cannot = await openRoomPage(browser, hub.origin, `/live/${id}`, undefined, {
    script: 'delete window.RTCPeerConnection',
  });
  await untilPlaying(cannot.page);
  expect(await playbackMode(cannot.page)).toBe('hls');
  await cannot.context.close();

  await viewer.page.fill('#chat-draft', '听得清楚');
  await viewer.page.click('text=发送');
  await saver.page.waitForSelector('text=听得清楚');
  await viewer.page.waitForSelector('text=已计');

  expect(killChildren(hub.pid, 'mediasoup-worker')).toBe(1);
  await untilAllPlay(studio, viewers);
  expect(killChildren(hub.pid, 'ffmpeg')).toBeGreaterThan(0);
  await untilAllPlay(studio, viewers);

  const before = await read();
  await hub.kill();
  await viewer.page.waitForSelector('text=正在重新连接');
  await viewer.page.fill('#chat-draft', '断线时说的话');
  await viewer.page.click('text=发送');
  await hub.start();
  await untilAllPlay(studio, viewers);
  await saver.page.waitForSelector('text=断线时说的话');
  expect(await saver.page.locator('text=断线时说的话').count()).toBe(1);
  const after = await eventually(read, ({ recordedMs }) => recordedMs > before.recordedMs);
  expect(after).toMatchObject({ state: 'live', liveAt: before.liveAt, viewers: 2 });

  await studio.page.click('text=结束上课');
  await studio.page.click('text=马上结束');
  await studio.page.waitForSelector('text=课上完了');
  for (const { page } of viewers) {
    await page.click('text=播放回放');
    await untilPlaying(page);
    expect(await playbackMode(page)).toBe('replay');
    const duration = await page.evaluate(() => document.querySelector('video')!.duration);
    expect(duration).toBeGreaterThan(before.recordedMs / 1000 - 1);
    await page.evaluate((to) => (document.querySelector('video')!.currentTime = to), duration * 0.6);
    await untilPlaying(page);
  }
  expect([studio, ...viewers].flatMap(({ faults }) => faults)).toEqual([]);
}, 240_000);
