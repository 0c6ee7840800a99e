import type { Browser, BrowserContext } from 'playwright-core';
import { launchChromium } from '../../support/chromium.ts';
import { CLOCK_CAMERA, readClockDelays } from '../clock-picture.ts';
import { percentile, type Comparison, type Measure } from '../comparison.ts';
import { serveLiveCamera } from '../live-camera.ts';
import { bundlePage, pageAround } from '../pages/bundle.ts';

const SECONDS = 60;
const BARE_SECONDS = 20;
/** The catch-up has then brought the player to its target. */
const SETTLE_MS = 10_000;
const BARE_PATH = '/bare-hls';

interface Watched {
  delaysMs: number[];
  /** How often the player had nothing left to play. */
  stalls: number;
}

/** How old the picture is that a viewer sees by LL-HLS, told by a clock in the picture itself. */
export const measureHlsLatency: Measure = async (tell) => {
  const [publishers, viewers] = await Promise.all([launchChromium(), launchChromium()]);
  try {
    const live = await serveLiveCamera(publishers, CLOCK_CAMERA);
    const hub = await watch(viewers, live.origin + live.watchPath, SECONDS, (context) =>
      context.addInitScript('delete window.RTCPeerConnection'),
    );
    const barePage = pageAround(await bundlePage('bare-hls.ts'));
    const bareUrl = `${live.origin}${BARE_PATH}?playlist=/hls/${live.id}/index.m3u8`;
    const bare = await watch(viewers, bareUrl, BARE_SECONDS, (context) =>
      context.route(`**${BARE_PATH}**`, (route) =>
        route.fulfill({ contentType: 'text/html', body: barePage }),
      ),
    );
    await live.close();
    tell(
      `${hub.delaysMs.length} and ${bare.delaysMs.length} frames read, ${hub.stalls} and ${bare.stalls} stalls`,
    );
    return [50, 95].map((percent): Comparison => ({
      what: `LL-HLS behind the camera, p${percent} (${hub.stalls} stalls in ${SECONDS} s)`,
      unit: 'ms',
      hub: percentile(hub.delaysMs, percent),
      bare: [{ what: 'hls.js page, same playlist', value: percentile(bare.delaysMs, percent) }],
    }));
  } finally {
    await Promise.all([publishers.close(), viewers.close()]);
  }
};

async function watch(
  browser: Browser,
  url: string,
  seconds: number,
  prepare: (context: BrowserContext) => Promise<unknown>,
): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 360, height: 800 }, locale: 'zh-CN' });
  try {
    await prepare(context);
    const page = await context.newPage();
    await page.goto(url);
    await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 1);
    await page.waitForTimeout(SETTLE_MS);
    const stalls = await page.evaluateHandle(() => {
      const counted = { stalls: 0 };
      document.querySelector('video')!.addEventListener('waiting', () => (counted.stalls += 1));
      return counted;
    });
    const delaysMs = await page.evaluate(readClockDelays, ['video', seconds] as const);
    return { delaysMs, ...(await stalls.jsonValue()) };
  } finally {
    await context.close();
  }
}
