import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, BrowserContext } from 'playwright-core';
import { launchChromium } from '../../support/chromium.ts';
import { serveBareMediasoup } from '../bare/mediasoup.ts';
import { byTurns, percentile, type Comparison, type Measure } from '../comparison.ts';
import { serveLiveClass, type LiveClass } from '../live-class.ts';
import { bundlePage, pageAround } from '../pages/bundle.ts';

const LOADS = 9;
const DEADLINE_MS = 20_000;
/** Playlist and recording are then as in the middle of a class. */
const SETTLE_MS = 6_000;
const SAMPLE_CLIP = fileURLToPath(new URL('../../../server/sample/clip/coffee-garden.mp4', import.meta.url));
const BARE_HLS_PATH = '/bare-hls';

/** From the start of the navigation to the first frame presented, in a new browser context each time. */
export const measureFirstFrame: Measure = async (tell) => {
  const dir = await mkdtemp(join(tmpdir(), 'xiangbo-clip-'));
  const clip = await makeClip(join(dir, 'clip.mp4'));
  const live = await serveLiveClass(clip);
  const browser = await launchChromium();
  try {
    const bare = await serveBareMediasoup({ workerBin: live.workerBin, clip, dir });
    try {
      const turns = await pageLoads(browser, live, bare.url);
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      await byTurns(1, turns);
      const times = await byTurns(LOADS, turns);
      for (const [name, values] of Object.entries(times))
        tell(`${name} ${values.map((value) => Math.round(value)).join(', ')} ms`);
      const compare = (what: string, hubMs: number[], page: string, bareMs: number[]): Comparison[] =>
        [50, 95].map((percent) => ({
          what: `${what}, p${percent}`,
          unit: 'ms',
          hub: percentile(hubMs, percent),
          bare: [{ what: page, value: percentile(bareMs, percent) }],
        }));
      return [
        ...compare('First frame by WebRTC', times.webrtc, 'mediasoup-client page', times.bareWebrtc),
        ...compare('First frame by HLS', times.hls, 'hls.js page, same playlist', times.bareHls),
      ];
    } finally {
      await bare.close();
    }
  } finally {
    await browser.close();
    await live.close();
    await rm(dir, { recursive: true, force: true });
  }
};

/**
 * The sample's clip with a keyframe every 0.2 s: a browser that publishes answers a request for a keyframe at once, a
 * clip cannot, and waiting for one would hide everything else.
 */
async function makeClip(file: string): Promise<string> {
  await promisify(execFile)('ffmpeg', [
    ...['-v', 'error', '-i', SAMPLE_CLIP, '-c:a', 'copy', '-c:v', 'libx264', '-preset', 'veryfast'],
    ...['-profile:v', 'baseline', '-bf', '0', '-g', '4', '-b:v', '400k', '-y', file],
  ]);
  return file;
}

async function pageLoads(browser: Browser, live: LiveClass, bareWebrtcUrl: string) {
  const barePage = pageAround(await bundlePage('bare-hls.ts'));
  const watchUrl = live.origin + live.watchPath;
  const bareHlsUrl = `${live.origin}${BARE_HLS_PATH}?playlist=${live.playlistPath}`;
  return {
    webrtc: () => timeFirstFrame(browser, watchUrl),
    bareWebrtc: () => timeFirstFrame(browser, bareWebrtcUrl),
    hls: () =>
      timeFirstFrame(browser, watchUrl, (context) =>
        context.addInitScript(() => localStorage.setItem('xiangbo_playback', 'saving')),
      ),
    // On the hub's own origin, so that both players fetch the same playlist alike.
    bareHls: () =>
      timeFirstFrame(browser, bareHlsUrl, (context) =>
        context.route(`**${BARE_HLS_PATH}**`, (route) =>
          route.fulfill({ contentType: 'text/html', body: barePage }),
        ),
      ),
  };
}

async function timeFirstFrame(
  browser: Browser,
  url: string,
  prepare?: (context: BrowserContext) => Promise<unknown>,
): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 360, height: 800 }, locale: 'zh-CN' });
  try {
    await context.addInitScript(reportFirstFrame);
    await prepare?.(context);
    const page = await context.newPage();
    await page.goto(url, { waitUntil: 'commit' });
    const first = await page.waitForFunction(
      () => (window as unknown as { firstFrameMs?: number }).firstFrameMs,
      undefined,
      { timeout: DEADLINE_MS },
    );
    return (await first.jsonValue())!;
  } finally {
    await context.close();
  }
}

/** Runs in the page before its own scripts: times are since the navigation began. */
function reportFirstFrame(): void {
  const seen = new WeakSet<HTMLVideoElement>();
  const look = () => {
    for (const video of document.querySelectorAll('video')) {
      if (seen.has(video)) continue;
      seen.add(video);
      video.requestVideoFrameCallback((presentedAtMs) =>
        Object.assign(window, { firstFrameMs: presentedAtMs }),
      );
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
}
