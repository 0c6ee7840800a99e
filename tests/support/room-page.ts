import { execFileSync } from 'node:child_process';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Someone } from './sign-in-as.ts';

/** A page of someone in a browser of their own; `faults` collects what it threw. */
export interface RoomPage {
  page: Page;
  context: BrowserContext;
  faults: string[];
}

export async function openRoomPage(
  browser: Browser,
  origin: string,
  path: string,
  someone?: Someone,
  options: Parameters<Browser['newContext']>[0] & { script?: string } = {},
): Promise<RoomPage> {
  const { script, ...look } = options;
  const context = await browser.newContext({
    viewport: { width: 360, height: 800 },
    locale: 'zh-CN',
    ...look,
  });
  if (someone) {
    const [name, value] = someone.cookie.split('=') as [string, string];
    await context.addCookies([{ name, value, url: origin }]);
  }
  if (script) await context.addInitScript(script);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  await page.goto(origin + path);
  // A page that reloads forgets this: viewers must come back without.
  await page.evaluate(() => Object.assign(window, { stillHere: true }));
  return { page, context, faults };
}

/** Frames decoded so far by the page's picture. */
export function decodedFrames(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      document.querySelector<HTMLVideoElement>('.stage video')?.getVideoPlaybackQuality().totalVideoFrames ??
      0,
  );
}

/** Resolves when the picture has decoded `count` more frames and its clock moves; fails with what the page shows. */
export async function untilPlaying(page: Page, count = 15, withinMs = 30_000): Promise<void> {
  const from = await decodedFrames(page);
  const until = Date.now() + withinMs;
  let last = from;
  let seen = 0;
  while (seen < count) {
    if (Date.now() > until) throw new Error(`No picture: ${await page.innerText('main')}`);
    await page.waitForTimeout(200);
    const now = await decodedFrames(page);
    // A new source counts from nothing.
    seen += Math.max(0, now - last);
    last = now;
  }
}

/** Which way the page plays: `waiting`, `webrtc`, `hls` or `replay`. */
export function playbackMode(page: Page): Promise<string | null> {
  return page.getAttribute('.stage', 'data-mode');
}

/** Kills the children of a process whose command holds `name`, as a fault would. Returns how many. */
export function killChildren(pid: number, name: string): number {
  const listed = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(pid)], { encoding: 'utf8' });
  const found = listed.split('\n').filter((line) => line.includes(name));
  for (const line of found) process.kill(Number.parseInt(line, 10), 'SIGKILL');
  return found.length;
}
