import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { peopleOf } from '../support/people-of.ts';
import { openRoomPage, untilPlaying } from '../support/room-page.ts';
import { serveHub, type ServedHub } from '../support/serve-hub.ts';
import { makeVideo } from '../support/video-files.ts';

let hub: ServedHub;
let browser: Browser;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xiangbo-lessons-'));
  [hub, browser] = await Promise.all([serveHub(), launchChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await hub?.close();
  await rm(folder, { recursive: true, force: true });
});

it('takes a lesson from a trainer’s phone to a trainee’s, with subtitles', async () => {
  const file = await makeVideo(join(folder, '理货第一课.mp4'), { seconds: 4, size: '426x240' });
  const subtitles = join(folder, 'zh.vtt');
  const { trainer, trainee } = await peopleOf(hub.dataDir, {
    trainer: { name: '岩罕亮', roles: [['trainer', '533103']] },
    trainee: { name: '勒排早相' },
  });
  const teach = await openRoomPage(browser, hub.origin, '/teach/videos', trainer);
  const { page } = teach;
  expect(await page.innerText('main')).toContain('还没有视频课');

  // A line that is gone in the middle: what was begun goes on by choosing the same file again.
  await page.route('**/uploads/*', (route) =>
    route.request().method() === 'PATCH' ? route.abort('connectionreset') : route.continue(),
  );
  await page.setInputFiles('#lesson-file', file);
  expect(await page.inputValue('#lesson-title')).toBe('理货第一课');
  await page.click('button:has-text("开始上传")');
  await page.waitForSelector('[data-upload="away"]');
  await page.unroute('**/uploads/*');
  await page.reload();
  await page.waitForSelector('li[data-state="uploading"]');
  await page.setInputFiles('#lesson-file', file);
  await page.click('button:has-text("接着传")');
  await page.waitForSelector('[data-upload="done"]');
  await page.waitForSelector('li[data-state="ready"]', { timeout: 30_000 });
  expect(await page.locator('main li[data-state]').count()).toBe(1);

  await page.click('text=字幕、谁能看');
  await writeFile(subtitles, 'WEBVTT\n\n00:03.000 --> 00:01.000\n先把货理清楚');
  await page.setInputFiles('input[type=file][accept^=".vtt"] >> nth=0', subtitles);
  await page.waitForSelector('text=第 3 行：结束的时间早于开始的时间');
  await writeFile(subtitles, 'WEBVTT\n\n00:00.000 --> 00:04.000\n先把货理清楚');
  await page.setInputFiles('input[type=file][accept^=".vtt"] >> nth=0', subtitles);
  await page.waitForSelector('text=中文：1 句');

  const path = await page.getAttribute('a:has-text("去看")', 'href');
  const watch = await openRoomPage(browser, hub.origin, '/learn', trainee);
  await watch.page.click('text=看视频课');
  await watch.page.click('li:has-text("理货第一课")');
  await watch.page.waitForURL(`**${path!}`);
  expect(await watch.page.title()).toContain('理货第一课');
  await watch.page.click('text=开始看');
  await untilPlaying(watch.page);
  await watch.page.waitForFunction(() =>
    [...document.querySelector('video')!.textTracks].some(
      ({ mode, activeCues }) =>
        mode === 'showing' && (activeCues?.[0] as VTTCue | undefined)?.text === '先把货理清楚',
    ),
  );
  expect([...teach.faults, ...watch.faults]).toEqual([]);
}, 90_000);
