import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { BroadcastMedia } from '../../../media/contract.ts';
import { launchChromium } from '../../support/chromium.ts';
import { ask, type Playing } from '../../support/media-page.ts';
import { childPids, nextEvent, openTestMedia, wait, type TestMedia } from '../../support/open-media.ts';
import { serveMedia, type MediaSite } from '../../support/serve-media.ts';

let browser: Browser;
let media: TestMedia;
let broadcast: BroadcastMedia;
let site: MediaSite;
const pages: Page[] = [];

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
beforeEach(async () => {
  // One viewer a router: the first at home, the second and the third on branches, a fourth nowhere.
  media = await openTestMedia({ workers: 3, viewersPerRouter: 1 });
  broadcast = await media.plane.openBroadcast({ id: 'class' });
  site = await serveMedia(broadcast);
});
afterEach(async () => {
  for (const page of pages.splice(0)) await page.close();
  await site.close();
  await media.close();
});

async function open(): Promise<Page> {
  const page = await browser.newPage();
  pages.push(page);
  await page.goto(site.url);
  return page;
}

async function viewer(peerId: string): Promise<{ page: Page; consumers: Record<string, string> }> {
  const page = await open();
  return { page, consumers: await ask(page, 'watch', peerId) };
}

async function untilPlaying(page: Page, isSo: (now: Playing) => boolean = () => true): Promise<void> {
  const { frames } = await ask(page, 'playing', 'watch');
  const until = Date.now() + 15_000;
  for (;;) {
    const now = await ask(page, 'playing', 'watch');
    if (now.frames >= frames + 10 && isSo(now)) return;
    if (Date.now() > until) throw new Error(`it does not play: ${JSON.stringify(now)}`);
    await wait(100);
  }
}

test('viewers beyond a router get the picture on further workers, with pause and layers; their worker’s death is theirs alone', async () => {
  const host = await open();
  const published = await ask(host, 'publish', 'host', {
    video: { width: 640, height: 360 },
    audio: true,
    simulcast: true,
  });
  const [home, branched] = [await viewer('first'), await viewer('second')];
  await untilPlaying(home.page);
  await untilPlaying(branched.page);
  expect(media.plane.counters()).toMatchObject({ openBranches: 1, openConsumers: 4 });

  await broadcast.setPreferredLayers({
    peerId: 'second',
    consumerId: branched.consumers.video!,
    spatialLayer: 0,
  });
  await untilPlaying(branched.page, ({ width }) => width === 160);
  await broadcast.setPreferredLayers({
    peerId: 'second',
    consumerId: branched.consumers.video!,
    spatialLayer: 1,
  });
  await untilPlaying(branched.page, ({ width }) => width === 320);

  await broadcast.pauseProducer({ peerId: 'host', producerId: published.video! });
  await wait(300);
  const still = await ask(branched.page, 'playing', 'watch');
  await wait(500);
  expect((await ask(branched.page, 'playing', 'watch')).frames).toBe(still.frames);
  await broadcast.resumeProducer({ peerId: 'host', producerId: published.video! });
  await untilPlaying(branched.page);

  await viewer('third');
  await expect(broadcast.createTransport({ peerId: 'fourth', direction: 'recv' })).rejects.toMatchObject({
    code: 'worker-full',
  });

  // The workers were started in order, and the broadcast's home is on the first.
  const [, second] = childPids(/mediasoup-worker/);
  const lost = nextEvent(broadcast, 'viewerLost');
  process.kill(second!, 'SIGKILL');
  expect(['second', 'third']).toContain((await lost).peerId);
  await untilPlaying(home.page);
  expect(media.plane.counters()).toMatchObject({ openBranches: 1, workerDeaths: 1 });
  const back = await viewer('second-again');
  await untilPlaying(back.page);

  for (const peerId of ['second', 'third', 'second-again']) broadcast.closePeer(peerId);
  expect(media.plane.counters()).toMatchObject({ openBranches: 0, openConsumers: 2 });
}, 60_000);
