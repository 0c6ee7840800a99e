import { execFileSync } from 'node:child_process';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { BroadcastMedia } from '../../media/contract.ts';
import { launchChromium } from '../support/chromium.ts';
import { ask, type Playing } from '../support/media-page.ts';
import { childPids, nextEvent, openTestMedia, wait, type TestMedia } from '../support/open-media.ts';
import { decodeErrors, joinEpoch, probeEpoch } from '../support/probe-media.ts';
import { serveMedia, type MediaSite } from '../support/serve-media.ts';

let browser: Browser;
let media: TestMedia;
let broadcast: BroadcastMedia;
let site: MediaSite;
const opened: Page[] = [];
const pageErrors: string[] = [];

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
});
beforeEach(async () => {
  pageErrors.length = 0;
  media = await openTestMedia({ encodingCores: 1, busyCores: () => 0 });
  broadcast = await media.plane.openBroadcast({ id: 'class' });
  site = await serveMedia(broadcast);
});
afterEach(async () => {
  for (const page of opened.splice(0)) {
    const { errors } = await ask(page, 'playing', 'hls');
    pageErrors.push(...errors.filter((error) => /fatal=true|video error/.test(error)));
    await page.close();
  }
  await site.close();
  await media.close();
  expect(pageErrors).toEqual([]);
});

async function open(): Promise<Page> {
  const page = await browser.newPage();
  opened.push(page);
  page.on('pageerror', (error) => pageErrors.push(error.message));
  await page.goto(site.url);
  return page;
}

/** Waits until a player has decoded so many frames more than at the call. */
async function framesMore(
  page: Page,
  id: 'watch' | 'hls',
  more: number,
  withinMs = 15_000,
): Promise<Playing> {
  const before = (await ask(page, 'playing', id)).frames;
  const deadline = Date.now() + withinMs;
  for (;;) {
    const now = await ask(page, 'playing', id);
    if (now.frames >= before + more) return now;
    if (Date.now() > deadline)
      throw new Error(`${id} decoded ${now.frames - before} of ${more} frames: ${JSON.stringify(now)}`);
    await wait(100);
  }
}

const CAMERA = { video: { width: 640, height: 360 }, audio: true };

describe('a browser as publisher', () => {
  test('is seen by WebRTC and by HLS, live and from the start, and replayed after the end', async () => {
    const host = await open();
    const live = nextEvent(broadcast, 'live');
    const firstPicture = nextEvent(broadcast, 'initWritten');
    await ask(host, 'publish', 'host', CAMERA);
    const { at } = await live;
    await firstPicture;
    await wait(2500);
    const viewer = await open();
    await ask(viewer, 'watch', 'viewer');
    await ask(viewer, 'playHls');
    const rtc = await framesMore(viewer, 'watch', 40);
    const hls = await framesMore(viewer, 'hls', 40);
    expect(rtc).toMatchObject({ width: 640, height: 360 });
    expect(hls).toMatchObject({ width: 640, height: 360 });
    expect(hls.behindMs).toBeLessThan(3000);

    await ask(viewer, 'seekHls', 0.2);
    await framesMore(viewer, 'hls', 10);
    expect((await ask(viewer, 'playing', 'hls')).currentTime).toBeLessThan(4);

    const recording = await broadcast.end('over');
    expect(at - Date.parse(recording.segments[0]!.programDateTime)).toBeLessThan(1500);
    site.hls = media.plane.openReplay(recording);
    const latecomer = await open();
    await ask(latecomer, 'playHls');
    const replay = await framesMore(latecomer, 'hls', 20);
    const recordedSeconds = recording.segments.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000;
    expect(Math.abs(replay.duration - recordedSeconds)).toBeLessThan(0.3);
    await ask(latecomer, 'seekHls', recordedSeconds - 2);
    await framesMore(latecomer, 'hls', 10);

    const [video, audio] = probeEpoch(media.storageDir, recording, 0);
    expect(Math.abs(video!.durationSeconds - recordedSeconds)).toBeLessThan(0.15);
    expect(Math.abs(audio!.durationSeconds - video!.durationSeconds)).toBeLessThan(0.25);
    expect(decodeErrors(media.storageDir, recording, 0)).toBe('');
  });

  test('HLS plays on through a killed ffmpeg and through a host that reloads', async () => {
    const host = await open();
    const live = nextEvent(broadcast, 'live');
    await ask(host, 'publish', 'host', CAMERA);
    await live;
    await wait(2000);
    const viewer = await open();
    await ask(viewer, 'playHls');
    await framesMore(viewer, 'hls', 20);

    const resumed = nextEvent(broadcast, 'resumed');
    process.kill(childPids(/matroska/)[0]!, 'SIGKILL');
    await resumed;
    await framesMore(viewer, 'hls', 60);

    const interrupted = nextEvent(broadcast, 'interrupted');
    broadcast.closePeer('host');
    expect((await interrupted).reason).toBe('producer-closed');
    await host.reload();
    const back = nextEvent(broadcast, 'resumed');
    await ask(host, 'publish', 'host-again', CAMERA);
    await back;
    await framesMore(viewer, 'hls', 60);
    const recording = await broadcast.end('over');
    expect(recording.inits).toHaveLength(3);
    for (const { initIndex } of recording.inits)
      expect(decodeErrors(media.storageDir, recording, initIndex)).toBe('');
  });

  test('a microphone first and a camera later: the picture follows the sound', async () => {
    const host = await open();
    const live = nextEvent(broadcast, 'live');
    await ask(host, 'publish', 'host', { audio: true });
    await live;
    const viewer = await open();
    await wait(1500);
    await ask(viewer, 'playHls');
    await framesMore(viewer, 'hls', 10);
    const camera = nextEvent(broadcast, 'initWritten');
    await ask(host, 'publish', 'host-camera', { video: { width: 640, height: 480 } });
    expect(await camera).toMatchObject({ initIndex: 1, width: 640, height: 480 });
    await framesMore(viewer, 'hls', 60);
    expect(await ask(viewer, 'playing', 'hls')).toMatchObject({ width: 640, height: 480 });
    const recording = await broadcast.end('over');
    const [plain, camera1] = [0, 1].map((initIndex) => probeEpoch(media.storageDir, recording, initIndex));
    expect(plain!.map(({ codec }) => codec)).toEqual(['h264', 'aac']);
    expect(camera1!.map(({ codec }) => codec)).toEqual(['h264', 'aac']);
  });

  test('another picture size begins a new init segment without losing a frame', async () => {
    const host = await open();
    const live = nextEvent(broadcast, 'live');
    const ids = await ask(host, 'publish', 'host', CAMERA);
    await live;
    await wait(1500);
    const viewer = await open();
    await ask(viewer, 'playHls');
    await framesMore(viewer, 'hls', 10);
    const changed = nextEvent(broadcast, 'initWritten');
    await ask(host, 'changeSize', ids.video!, 320, 180);
    expect(await changed).toMatchObject({ width: 320, height: 180 });
    await framesMore(viewer, 'hls', 60);
    expect(await ask(viewer, 'playing', 'hls')).toMatchObject({ width: 320, height: 180 });
    expect(broadcast.state).toBe('live');
    const recording = await broadcast.end('over');
    // The pause between the two epochs is one frame long and no more.
    const [last, next] = [0, 1].map((init) =>
      recording.segments.filter(({ initIndex }) => initIndex === init),
    );
    const endOfFirst = Date.parse(last!.at(-1)!.programDateTime) + last!.at(-1)!.durationMs;
    expect(Math.abs(Date.parse(next![0]!.programDateTime) - endOfFirst)).toBeLessThan(400);
  });

  test('that sends VP8 is seen by HLS as H.264, and recorded so', async () => {
    const host = await open();
    const live = nextEvent(broadcast, 'live');
    await ask(host, 'publish', 'host', { ...CAMERA, vp8: true });
    await live;
    const viewer = await open();
    await ask(viewer, 'playHls');
    expect(await framesMore(viewer, 'hls', 30)).toMatchObject({ width: 640, height: 360 });
    expect(broadcast.stageShown).toMatchObject({ pictures: [{ peerId: 'host' }], lacking: null });
    const recording = await broadcast.end('over');
    const { initIndex, codecs } = recording.inits.at(-1)!;
    expect(codecs).toMatch(/^avc1\.42/);
    const [video] = probeEpoch(media.storageDir, recording, initIndex);
    expect(video).toMatchObject({ codec: 'h264' });
    expect(video!.frames).toBeGreaterThan(30);
    expect(decodeErrors(media.storageDir, recording, initIndex)).toBe('');
    // The fake camera's shapes, and not the plain picture.
    const film = joinEpoch(media.storageDir, recording, initIndex);
    const grey = execFileSync('ffmpeg', [
      ...['-v', 'error', '-sseof', '-0.5', '-i', film, '-vf', 'scale=64:36,format=gray'],
      ...['-frames:v', '1', '-f', 'rawvideo', 'pipe:1'],
    ]);
    expect(Math.max(...grey) - Math.min(...grey)).toBeGreaterThan(40);
  });

  test('of a simulcast publisher the best layer is recorded', async () => {
    const host = await open();
    const live = nextEvent(broadcast, 'live');
    const best = nextEvent(broadcast, 'initWritten', {
      withinMs: 25_000,
      where: ({ width }) => width === 1280,
    });
    await ask(host, 'publish', 'host', { video: { width: 1280, height: 720 }, audio: true, simulcast: true });
    await live;
    expect(await best).toMatchObject({ width: 1280, height: 720 });
    await broadcast.end('over');
  });
});
