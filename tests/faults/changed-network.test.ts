import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BroadcastView } from '../../server/broadcasts/messages.ts';
import { launchChromium } from '../support/chromium.ts';
import { eventually } from '../support/live-hub.ts';
import type { LiveHubReady } from '../support/live-hub-for-ever.ts';
import { openRoomPage, playbackMode, untilPlaying, type RoomPage } from '../support/room-page.ts';
import { freePort } from '../support/serve-hub.ts';
import { UdpRelay } from '../support/udp-relay.ts';

const LOOPBACK = '127.0.0.1';
const BACK_WITHIN_MS = 2_000;
const GONE_WITHIN_MS = 10_000;

let dir: string;
let child: ChildProcess;
let hub: LiveHubReady;
let relay: UdpRelay;
let throughRelay: string;
let browser: Browser;

beforeAll(async () => {
  const [port, relayPort] = [await freePort(), await freePort()];
  throughRelay = sendThrough(relayPort);
  dir = await mkdtemp(join(tmpdir(), 'xiangbo-changed-'));
  relay = await UdpRelay.open({
    listen: { address: LOOPBACK, port: relayPort },
    target: { address: LOOPBACK, port },
  });
  child = fork('tests/support/live-hub-for-ever.ts', [dir], {
    env: { ...process.env, RTC_PORT: String(port) },
  });
  const ready = once(child, 'message') as Promise<[LiveHubReady]>;
  const gone = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the hub ended with ${code}`)));
  [[hub], browser] = await Promise.all([Promise.race([ready, gone]), launchChromium()]);
});
afterAll(async () => {
  await browser?.close();
  if (child?.connected) {
    const over = once(child, 'exit');
    child.send('end');
    await over;
  }
  relay?.close();
  await rm(dir, { recursive: true, force: true });
});

/** A script for a page: the hub's only candidate is the relay, whatever the hub says. */
function sendThrough(relayPort: number): string {
  return `
    const describe = RTCPeerConnection.prototype.setRemoteDescription;
    RTCPeerConnection.prototype.setRemoteDescription = function (description) {
      const sdp = description.sdp
        .replace(/a=candidate:\\S+ \\d+ tcp .*\\r\\n/gi, '')
        .replace(/( udp \\d+ \\S+) \\d+ typ host/gi, '$1 ${relayPort} typ host');
      return describe.call(this, { type: description.type, sdp });
    };`;
}

async function openViewer(inBrowser: Browser): Promise<RoomPage> {
  const viewer = await openRoomPage(inBrowser, hub.origin, `/live/${hub.broadcastId}`, undefined, {
    script: throughRelay,
  });
  await untilPlaying(viewer.page, 50);
  expect(await playbackMode(viewer.page)).toBe('webrtc');
  return viewer;
}

/** The longest time without a frame of WebRTC, in milliseconds, from what `happens` until frames came for two seconds. */
async function longestStandstill(page: Page, happens: () => void): Promise<number> {
  await page.evaluate(() => {
    const video = document.querySelector<HTMLVideoElement>('.stage video')!;
    const frames: number[] = [performance.now()];
    const note = () => {
      if (video.srcObject) frames.push(performance.now());
      video.requestVideoFrameCallback(note);
    };
    video.requestVideoFrameCallback(note);
    Object.assign(window, { framesSince: frames });
  });
  happens();
  const standstills = () =>
    page.evaluate(() => {
      const times = [...(window as unknown as { framesSince: number[] }).framesSince, performance.now()];
      const gaps = times.slice(1).map((at, index) => at - times[index]!);
      const longest = Math.max(...gaps);
      const resumedAt = times[gaps.indexOf(longest) + 1]!;
      return { longest, flowsForMs: performance.now() - resumedAt };
    });
  const { longest } = await eventually(
    standstills,
    ({ longest, flowsForMs }) => longest > 200 && flowsForMs > 2_000,
    20_000,
  );
  return longest;
}

it('goes on within 2 s when the address changes, and when no old path leads anywhere', async () => {
  const { page, faults, context } = await openViewer(browser);
  const moved = await longestStandstill(page, () => relay.changeAddresses());
  const cut = await longestStandstill(page, () => relay.killPaths());
  console.info(
    `no frame for ${moved.toFixed(0)} ms at another address, ${cut.toFixed(0)} ms with dead paths`,
  );
  expect(moved).toBeLessThan(BACK_WITHIN_MS);
  expect(cut).toBeLessThan(BACK_WITHIN_MS);
  expect(await playbackMode(page)).toBe('webrtc');
  expect(await page.evaluate(() => 'stillHere' in window)).toBe(true);
  expect(faults).toEqual([]);
  await context.close();
}, 60_000);

it('no longer counts a viewer 10 s after it fell silent', async () => {
  const viewers = async () =>
    ((await (await fetch(`${hub.origin}/api/broadcasts/${hub.broadcastId}`)).json()) as BroadcastView)
      .viewers;
  await eventually(viewers, (count) => count === 0);
  const phone = await launchChromium();
  await openViewer(phone);
  await eventually(viewers, (count) => count === 1);
  const session = await phone.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  // Stopped, not killed: the kernel would close the sockets of a dead process, and a phone without a network closes none.
  for (const { id } of processInfo) process.kill(id, 'SIGSTOP');
  const fellSilentAt = Date.now();
  try {
    await eventually(viewers, (count) => count === 0, 30_000);
    const countedForMs = Date.now() - fellSilentAt;
    console.info(`counted for ${countedForMs} ms after it fell silent`);
    expect(countedForMs).toBeLessThan(GONE_WITHIN_MS);
  } finally {
    for (const { id } of processInfo) process.kill(id, 'SIGCONT');
    await phone.close();
  }
}, 60_000);
