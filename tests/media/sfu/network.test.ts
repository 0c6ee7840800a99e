import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { BroadcastMedia } from '../../../media/contract.ts';
import { launchChromium } from '../../support/chromium.ts';
import { ask } from '../../support/media-page.ts';
import { nextEvent, openTestMedia, testClip, wait, type TestMedia } from '../../support/open-media.ts';
import { serveMedia, type MediaSite } from '../../support/serve-media.ts';
import { freePort } from '../../support/serve-hub.ts';
import { GOOD_NETWORK, UdpRelay } from '../../support/udp-relay.ts';

/** The whole of 127.0.0.0/8 is this machine: the relay is announced, the hub listens beside it. */
const [RELAY, HUB] = ['127.0.0.2', '127.0.0.1'];

let browser: Browser;
let media: TestMedia;
let broadcast: BroadcastMedia;
let site: MediaSite;
let relay: UdpRelay;
let page: Page;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
beforeEach(async () => {
  const port = await freePort();
  relay = await UdpRelay.open({ listen: { address: RELAY, port }, target: { address: HUB, port } });
  media = await openTestMedia({ rtcPort: port, announcedAddress: RELAY });
  broadcast = await media.plane.openBroadcast({ id: 'class' });
  site = await serveMedia(broadcast);
  await broadcast.playClip({ peerId: 'clip', file: await testClip() });
  await nextEvent(broadcast, 'live');
  page = await browser.newPage();
  await page.goto(site.url);
  await ask(page, 'watch', 'viewer');
  await frames(5);
});
afterEach(async () => {
  await page.close();
  await site.close();
  await media.close();
  relay.close();
});

/** Resolves when so many more frames have been decoded; in milliseconds. */
async function frames(more: number): Promise<number> {
  const count = async () => (await ask(page, 'playing', 'watch')).frames;
  const [from, startedAt] = [await count(), performance.now()];
  while ((await count()) < from + more) {
    if (performance.now() - startedAt > 15_000) throw new Error('no picture');
    await wait(20);
  }
  return performance.now() - startedAt;
}

test('a viewer whose network changed has the picture again within 2 s of an ICE restart', async () => {
  relay.network = { ...GOOD_NETWORK, cut: true };
  relay.changeAddresses();
  await wait(1000);
  relay.network = { ...GOOD_NETWORK };
  const restarted = ask(page, 'restartIce', 'viewer');
  expect(await frames(10)).toBeLessThan(2000);
  await restarted;
});

test('from a viewer who vanished nothing is heard, and from one who is there something each two seconds', async () => {
  const heardIn2s = async () => {
    const before = await broadcast.bytesReceived('viewer');
    await wait(2000);
    return (await broadcast.bytesReceived('viewer')) - before;
  };
  expect(await heardIn2s()).toBeGreaterThan(0);
  relay.network = { ...GOOD_NETWORK, cut: true };
  await wait(100);
  expect(await heardIn2s()).toBe(0);
});
