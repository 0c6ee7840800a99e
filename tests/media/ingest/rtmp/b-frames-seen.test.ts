import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../../support/chromium.ts';
import { pushTo } from '../../../support/encoder.ts';
import { nextEvent, openTestMedia, type TestMedia } from '../../../support/open-media.ts';
import { serveMedia, type MediaSite } from '../../../support/serve-media.ts';
import { decodedGaps, takeWhepAnswer, whepOffer } from '../../../support/whip-client.ts';

let browser: Browser;
let media: TestMedia;
let site: MediaSite | undefined;

beforeAll(async () => {
  // Room for the encoder, whatever else this machine is at.
  media = await openTestMedia({ rtmpPort: 0, encodingCores: 1, busyCores: () => 0 });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await site?.close();
  await media.close();
});

test('an encoder’s B-frames reach a browser by WebRTC evenly, and in their order', async () => {
  const { plane } = media;
  const broadcast = await plane.openBroadcast({ id: 'b1' });
  plane.admitEncoders({
    admit: async () => ({ broadcastId: 'b1', peerId: 'encoder' }),
    seen: () => undefined,
    gone: () => undefined,
  });
  site = await serveMedia(broadcast);
  const live = nextEvent(broadcast, 'live');
  const encoder = pushTo(`rtmp://127.0.0.1:${plane.rtmpPort}/live/key`, { bFrames: 2, keyframeSeconds: 1 });
  try {
    await live;
    const page = await browser.newPage();
    await page.goto(site.url);
    const sdp = await whepOffer(page);
    const { answer } = await broadcast.playOffer({ peerId: 'player', sdp, onClosed: () => undefined });
    await takeWhepAnswer(page, answer);
    const gaps = await decodedGaps(page, 100);
    // 25 pictures a second, none before the one that it follows. Passed on as they are, two of three come out of order.
    expect(gaps).toHaveLength(100);
    expect(Math.min(...gaps)).toBeGreaterThan(0);
    expect(gaps.filter((gap) => gap > 20 && gap < 60).length).toBeGreaterThan(85);
  } finally {
    await encoder.kill();
  }
}, 60_000);
