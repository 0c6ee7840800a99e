import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { BroadcastMedia, Recording } from '../../media/contract.ts';
import { launchChromium } from '../support/chromium.ts';
import { ask } from '../support/media-page.ts';
import { nextEvent, openTestMedia, wait, type TestMedia } from '../support/open-media.ts';
import { decodeErrors, probeEpoch } from '../support/probe-media.ts';
import { freePort } from '../support/serve-hub.ts';
import { serveMedia, type MediaSite } from '../support/serve-media.ts';
import { GOOD_NETWORK, UdpRelay } from '../support/udp-relay.ts';

/** The whole of 127.0.0.0/8 is this machine: the hub announces the relay's address and listens on its own. */
const [RELAY, HUB] = ['127.0.0.2', '127.0.0.1'];

let browser: Browser;
let media: TestMedia;
let relay: UdpRelay;
let broadcast: BroadcastMedia;
let site: MediaSite;
let host: Page;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
beforeEach(async () => {
  const port = await freePort();
  media = await openTestMedia({ rtcPort: port, announcedAddress: RELAY });
  relay = await UdpRelay.open({ listen: { address: RELAY, port }, target: { address: HUB, port } });
  broadcast = await media.plane.openBroadcast({ id: 'village' });
  site = await serveMedia(broadcast);
  host = await browser.newPage();
  await host.goto(site.url);
});
afterEach(async () => {
  await host.close();
  await site.close();
  relay.close();
  await media.close();
});

const CAMERA = { video: { width: 640, height: 360 }, audio: true };

const epochs = ({ inits }: Recording) => inits.map(({ initIndex }) => initIndex);
const recordedMs = ({ segments }: Recording) => segments.reduce((sum, { durationMs }) => sum + durationMs, 0);

/** What a decoder complains of. Late pictures come in a heap and are shown in quick succession: its remarks on their times are none. */
const complaints = (recording: Recording, epoch: number) =>
  decodeErrors(media.storageDir, recording, epoch).replace(/.*DTS discontinuity in stream 0.*\n/g, '');

it('records what a phone on a village network sends: 4 % lost, up to 90 ms late, out of order', async () => {
  relay.network = { ...GOOD_NETWORK, lossShare: 0.04, delayMs: 30, jitterMs: 60 };
  const live = nextEvent(broadcast, 'live');
  const { video } = await ask(host, 'publish', 'host', CAMERA);
  await live;
  const [sentBefore, from] = [await ask(host, 'sentFrames', video!), Date.now()];
  await wait(10_000);
  const [sent, seconds] = [(await ask(host, 'sentFrames', video!)) - sentBefore, (Date.now() - from) / 1000];
  const recording = await broadcast.end('over');
  let frames = 0;
  for (const epoch of epochs(recording)) {
    frames += probeEpoch(media.storageDir, recording, epoch)[0]!.frames;
    expect(complaints(recording, epoch)).toBe('');
  }
  console.info(`${frames} frames recorded, ${sent} sent in ${seconds.toFixed(1)} s of the class`);
  expect(frames).toBeGreaterThan(sent * 0.9);
  expect(recordedMs(recording) / 1000).toBeGreaterThan(seconds - 0.5);
});

it('goes on by itself after the line was cut, as the same recording with the gap shown as a gap', async () => {
  const live = nextEvent(broadcast, 'live');
  await ask(host, 'publish', 'host', CAMERA);
  const begun = (await live).at;
  await wait(3_000);
  const interrupted = nextEvent(broadcast, 'interrupted');
  relay.network = { ...GOOD_NETWORK, cut: true };
  const cutAt = Date.now();
  const { at: noticedAt } = await interrupted;
  expect(noticedAt - cutAt).toBeLessThan(4_500);
  await wait(Math.max(0, cutAt + 6_000 - Date.now()));
  const resumed = nextEvent(broadcast, 'resumed', { withinMs: 12_000 });
  relay.network = { ...GOOD_NETWORK };
  const backAt = Date.now();
  const { at: resumedAt } = await resumed;
  console.info(`pictures are recorded again ${resumedAt - backAt} ms after the line was back`);
  await wait(3_000);
  const endedAt = Date.now();
  const recording = await broadcast.end('over');
  const [first, second] = epochs(recording).map((epoch) =>
    recording.segments.filter(({ initIndex }) => initIndex === epoch),
  );
  const endOf = (segments: Recording['segments']) =>
    Date.parse(segments.at(-1)!.programDateTime) + segments.at(-1)!.durationMs;
  expect(Date.parse(first![0]!.programDateTime)).toBeLessThanOrEqual(begun);
  expect(Math.abs(endOf(first!) - cutAt)).toBeLessThan(600);
  expect(Date.parse(second![0]!.programDateTime)).toBeGreaterThanOrEqual(backAt - 200);
  expect(endedAt - endOf(second!)).toBeLessThan(1_000);
  for (const epoch of epochs(recording)) expect(complaints(recording, epoch)).toBe('');
});
