import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openHub } from '../../server/hub.ts';
import { systemClock } from '../../server/platform/clock.ts';
import { decideConfig } from '../../server/platform/config.ts';
import { readEnvironment } from '../../server/platform/env.ts';
import { openLog } from '../../server/platform/log.ts';
import { serve } from '../../server/serve.ts';
import { COUNTY } from '../support/classroom.ts';
import { openRoomPage } from '../support/room-page.ts';
import { signInAs } from '../support/sign-in-as.ts';

/** Small enough that two of them, encoded beside what is measured, leave the machine room. */
const SMALL_CAMERA = `{
  const original = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
  if (original) navigator.mediaDevices.getUserMedia = ({ audio, video }) =>
    original({ audio, video: video && { width: 640, height: 360, frameRate: 15 } });
}`;

/** A public class that a trainer's browser sends from the studio, at a hub with its pages. */
export interface LiveCamera {
  origin: string;
  id: string;
  watchPath: string;
  workerBin: string;
  studio: Page;
  close(): Promise<void>;
}

/** Resolves when the broadcast is live. `script` runs in the studio before its own, in place of the small camera. */
export async function serveLiveCamera(browser: Browser, script = SMALL_CAMERA): Promise<LiveCamera> {
  const dataDir = await mkdtemp(join(tmpdir(), 'xiangbo-camera-'));
  const env = { DATA_DIR: dataDir, PORT: '0', RTC_PORT: '0', MEDIA_WORKERS: '1', LOG_LEVEL: 'warn' };
  const config = decideConfig(readEnvironment(env), { demo: false });
  const log = openLog(config.logLevel);
  const hub = await openHub({ config, clock: systemClock, log });
  const served = await serve(hub, config, log);
  const trainer = await signInAs(hub, { roles: [['trainer', COUNTY]] });
  const created = await fetch(`${served.origin}/api/broadcasts`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Cookie: trainer.cookie },
    body: JSON.stringify({ title: '直播开店', kind: 'class', visibility: 'public' }),
  });
  const { id, addresses } = (await created.json()) as { id: string; addresses: { watch: string } };
  const studio = await openRoomPage(browser, served.origin, `/studio/${id}`, trainer, { script });
  await studio.page.click('text=开始上课');
  await studio.page.waitForSelector('.bar[data-sending="true"][data-state="live"]', { timeout: 30_000 });
  return {
    origin: served.origin,
    id,
    watchPath: addresses.watch,
    workerBin: config.media.workerBin,
    studio: studio.page,
    async close() {
      await studio.context.close();
      await served.close();
      await hub.close('the bench is over');
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Opens the bare server's publishing page with the same camera. Resolves when it sends. */
export async function publishBare(browser: Browser, url: string, script = SMALL_CAMERA): Promise<Page> {
  const context = await browser.newContext();
  await context.addInitScript(script);
  const page = await context.newPage();
  await page.goto(`${url}#publish`);
  await page.waitForFunction(() => 'publishing' in window);
  return page;
}
