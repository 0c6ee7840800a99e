import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { serveHub, type ServedHub } from '../support/serve-hub.ts';

const PHONE = { width: 360, height: 800 };

let hub: ServedHub;
let browser: Browser;

beforeAll(async () => {
  [hub, browser] = await Promise.all([serveHub(), launchChromium()]);
});

afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

it('reads, changes its language and darkens without JavaScript', async () => {
  const context = await browser.newContext({ viewport: PHONE, locale: 'zh-CN', javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${hub.origin}/?from=wechat`);
  expect(await page.getAttribute('html', 'lang')).toBe('zh-CN');
  expect(await page.textContent('h1')).toContain('德宏');

  await page.click('button[name="locale"]');
  expect(page.url()).toBe(`${hub.origin}/?from=wechat`);
  expect(await page.getAttribute('html', 'lang')).toBe('en');
  expect(await page.textContent('h1')).toContain('Dehong');

  expect(await page.getAttribute('html', 'data-theme')).toBeNull();
  await page.click('summary');
  await page.click('button[name="theme"][value="dark"]');
  expect(await page.getAttribute('html', 'data-theme')).toBe('dark');
  await context.close();
});

it('greets a first visit in the language its browser asks for, until one is chosen', async () => {
  const context = await browser.newContext({ viewport: PHONE, locale: 'en-GB' });
  const page = await context.newPage();
  const noise: string[] = [];
  page.on('console', (message) => noise.push(message.text()));
  await page.goto(hub.origin, { waitUntil: 'networkidle' });
  expect(await page.getAttribute('html', 'lang')).toBe('en');
  // Drawn by the browser itself.
  await page.click('a[href="/live"]');
  await page.waitForURL('**/live');
  expect(await page.textContent('h1')).toBe('Live and replays');
  await page.click('button[name="locale"]');
  await page.waitForSelector('html[lang="zh-CN"]');
  await page.reload();
  expect(await page.getAttribute('html', 'lang')).toBe('zh-CN');
  expect(noise).toEqual([]);
  await context.close();
});

it('leads nowhere else after a switch, and takes none from another site', async () => {
  const post = (back: string, origin: string) =>
    fetch(`${hub.origin}/preferences`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin },
      body: new URLSearchParams({ locale: 'en', back }),
    });
  const away = await post('//evil.example/x', hub.origin);
  expect(away.status).toBe(303);
  expect(away.headers.get('location')).toBe('/');
  const foreign = await post('/', 'https://evil.example');
  expect(foreign.status).toBe(403);
  expect(foreign.headers.get('set-cookie')).toBeNull();
});

it('tells in the reader’s language that a page is not there', async () => {
  const missing = await fetch(`${hub.origin}/no-such-page`, { headers: { cookie: 'xiangbo_locale=en' } });
  expect(missing.status).toBe(404);
  expect(await missing.text()).toContain('This page was not found');
});

it.each(['light', 'dark'] as const)(
  'can be read, heard and operated by everyone (%s)',
  async (colorScheme) => {
    const context = await browser.newContext({ viewport: PHONE, locale: 'zh-CN', colorScheme });
    const page = await context.newPage();
    const noise: string[] = [];
    page.on('console', (message) => message.type() === 'error' && noise.push(message.text()));
    page.on('pageerror', (error) => noise.push(error.message));
    await page.goto(hub.origin);

    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag2aaa', 'wcag21aa', 'wcag22aa', 'best-practice'])
      .analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);

    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('href'))).toBe('#main');
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(sideways).toBeLessThanOrEqual(0);
    expect(noise).toEqual([]);
    await context.close();
  },
);
