import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContext, Page } from 'playwright-core';

const SETTLE_MS = 400;
/** A player counts as playing when it has for a moment. */
const PLAYING_MS = 1_500;
const PICTURE_DEADLINE_MS = 20_000;
/** Longer pages are cut: nobody looks at the tenth screen of a list. */
const TALLEST_PX = 3_600;
/** What the browser says of an answer that was expected to be an error. */
const EXPECTED_FAILURE = /^Failed to load resource: the server responded with a status of 4\d\d/;

/** Opens a page, writes its picture to `file`, and lists what is wrong with it. */
export async function lookAtPage(
  context: BrowserContext,
  url: string,
  options: { file: string; status: number; playing: boolean; withAxe: boolean },
): Promise<string[]> {
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`throws: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    if (options.status >= 400 && EXPECTED_FAILURE.test(message.text())) return;
    faults.push(`says on the console: ${message.text()} (${message.location().url})`);
  });
  try {
    const response = await page.goto(url, { waitUntil: 'load' });
    if (response?.status() !== options.status)
      faults.push(`answers ${response?.status()} instead of ${options.status}`);
    if (options.playing) {
      await page.waitForFunction(isPlaying, undefined, { timeout: PICTURE_DEADLINE_MS });
      await page.waitForTimeout(PLAYING_MS);
    }
    await page.waitForTimeout(SETTLE_MS);
    faults.push(...(await measureOverflow(page)));
    await takePicture(page, options.file);
    if (options.withAxe) faults.push(...(await askAxe(page)));
  } catch (error) {
    faults.push(`cannot be looked at: ${(error as Error).message}`);
  } finally {
    await page.close();
  }
  return faults;
}

function isPlaying(): boolean {
  const videos = [...document.querySelectorAll('video')];
  return videos.some((video) => video.videoWidth > 0 && video.currentTime > 0);
}

async function measureOverflow(page: Page): Promise<string[]> {
  const { scrollWidth, clientWidth } = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return { scrollWidth, clientWidth };
  });
  return scrollWidth > clientWidth ? [`is ${scrollWidth - clientWidth} px too wide`] : [];
}

/** As one tall screen: bars that stick to its edges stay there. */
async function takePicture(page: Page, file: string): Promise<void> {
  const screen = page.viewportSize()!;
  const scrollHeight = await page.evaluate(() => document.documentElement.scrollHeight);
  const height = Math.min(Math.max(scrollHeight, screen.height), TALLEST_PX);
  await page.setViewportSize({ ...screen, height });
  await page.screenshot({ path: file, animations: 'disabled' });
  await page.setViewportSize(screen);
}

async function askAxe(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, help, nodes }) =>
        `axe ${id}: ${help} (${nodes.map(({ target }) => target.join(' ')).join('; ')})`,
    );
}
