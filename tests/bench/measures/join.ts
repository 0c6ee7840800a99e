import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../../support/chromium.ts';
import { serveBareMediasoup } from '../bare/mediasoup.ts';
import { byTurns, percentile, type Comparison, type Measure } from '../comparison.ts';
import { publishBare, serveLiveCamera } from '../live-camera.ts';

const JOINS = 20;
const APART_MS = 2_000;
const DEADLINE_MS = 20_000;
/** How long a finger rests on what it chooses. */
const PRESS_MS = 80;

/**
 * A viewer whose page stands open chooses a live broadcast: from the click, when the finger lifts, to the first frame
 * that is presented. At the hub the list of broadcasts is open; the bare page has a button. Both have a device ready; the
 * hub connects its socket while the finger is down, the bare page asks by HTTP over a connection that stands. Who comes
 * by a link has none of this ready: that is `first-frame`. Both publishers are browsers, which make a keyframe when they are asked.
 */
export const measureJoin: Measure = async (tell) => {
  const dir = await mkdtemp(join(tmpdir(), 'xiangbo-join-'));
  const [publishers, viewers] = await Promise.all([launchChromium(), launchChromium()]);
  const live = await serveLiveCamera(publishers);
  const bare = await serveBareMediasoup({ workerBin: live.workerBin, dir });
  try {
    await publishBare(publishers, bare.url);
    const card = `a[href="${live.watchPath}"]`;
    const turns = {
      hub: () => timeJoin(viewers, `${live.origin}/live`, card),
      bare: () => timeJoin(viewers, `${bare.url}#join`, 'button'),
    };
    await byTurns(1, turns);
    const times = await byTurns(JOINS, turns);
    for (const [name, values] of Object.entries(times))
      tell(`${name} ${values.map((value) => Math.round(value)).join(', ')} ms`);
    return [50, 95].map((percent): Comparison => ({
      what: `Join to first frame by WebRTC, p${percent}`,
      unit: 'ms',
      hub: percentile(times.hub, percent),
      bare: [{ what: 'mediasoup-client page', value: percentile(times.bare, percent) }],
    }));
  } finally {
    await Promise.all([publishers.close(), viewers.close()]);
    await bare.close();
    await live.close();
    await rm(dir, { recursive: true, force: true });
  }
};

async function timeJoin(browser: Browser, url: string, selector: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 360, height: 800 }, locale: 'zh-CN' });
  try {
    const page = await context.newPage();
    await page.goto(url, { waitUntil: 'networkidle' });
    await page.waitForTimeout(APART_MS);
    const frame = page.evaluate(untilFrame, DEADLINE_MS);
    await page.click(selector, { delay: PRESS_MS, noWaitAfter: true });
    return await frame;
  } finally {
    await context.close();
  }
}

/** Runs in the page: milliseconds from the next click to the first frame after it. */
function untilFrame(deadlineMs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let clickedAtMs = 0;
    const seen = new WeakSet<HTMLVideoElement>();
    const look = () => {
      for (const video of document.querySelectorAll('video')) {
        if (seen.has(video)) continue;
        seen.add(video);
        video.requestVideoFrameCallback((presentedAtMs) => resolve(presentedAtMs - clickedAtMs));
      }
    };
    addEventListener('click', ({ timeStamp }) => (clickedAtMs = timeStamp), { capture: true, once: true });
    new MutationObserver(look).observe(document, { childList: true, subtree: true });
    look();
    setTimeout(() => reject(new Error(`no frame: ${document.body.innerText.slice(0, 500)}`)), deadlineMs);
  });
}
