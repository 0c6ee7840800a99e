import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../../support/chromium.ts';
import { serveBareMediasoup } from '../bare/mediasoup.ts';
import { CLOCK_CAMERA, readClockDelays } from '../clock-picture.ts';
import { percentile, type Comparison, type Measure } from '../comparison.ts';
import { publishBare, serveLiveCamera } from '../live-camera.ts';

const SECONDS = 20;
/** The jitter buffer and the bandwidth estimate have then settled. */
const SETTLE_MS = 5_000;

/** How old the picture is that a viewer sees by WebRTC, told by a clock in the picture itself. */
export const measureWebRtcLatency: Measure = async (tell) => {
  const dir = await mkdtemp(join(tmpdir(), 'xiangbo-latency-'));
  const [publishers, viewers] = await Promise.all([launchChromium(), launchChromium()]);
  try {
    const live = await serveLiveCamera(publishers, CLOCK_CAMERA);
    const hub = await watchClock(viewers, live.origin + live.watchPath, '.stage video');
    const { workerBin } = live;
    await live.close();
    const bareServer = await serveBareMediasoup({ workerBin, dir });
    await publishBare(publishers, bareServer.url, CLOCK_CAMERA);
    const bare = await watchClock(viewers, bareServer.url, 'video');
    await bareServer.close();
    tell(`${hub.length} and ${bare.length} frames read`);
    return [50, 95].map((percent): Comparison => ({
      what: `WebRTC behind the camera, p${percent}`,
      unit: 'ms',
      hub: percentile(hub, percent),
      bare: [{ what: 'mediasoup-client page', value: percentile(bare, percent) }],
    }));
  } finally {
    await Promise.all([publishers.close(), viewers.close()]);
    await rm(dir, { recursive: true, force: true });
  }
};

async function watchClock(browser: Browser, url: string, video: string): Promise<number[]> {
  const context = await browser.newContext({ viewport: { width: 360, height: 800 }, locale: 'zh-CN' });
  try {
    const page = await context.newPage();
    await page.goto(url);
    await page.waitForFunction(
      (selector) => (document.querySelector<HTMLVideoElement>(selector)?.currentTime ?? 0) > 1,
      video,
    );
    await page.waitForTimeout(SETTLE_MS);
    return await page.evaluate(readClockDelays, [video, SECONDS] as const);
  } finally {
    await context.close();
  }
}
