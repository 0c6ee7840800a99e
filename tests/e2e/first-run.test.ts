import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { serveHub, type ServedHub } from '../support/serve-hub.ts';

let hub: ServedHub;
let browser: Browser;
/** Plain forms and links only: what a phone does whose scripts never arrive. */
let page: Page;

beforeAll(async () => {
  [hub, browser] = await Promise.all([serveHub(), launchChromium()]);
  const context = await browser.newContext({ javaScriptEnabled: false, locale: 'zh-CN' });
  page = await context.newPage();
});
afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

const go = (path: string) => page.goto(`${hub.origin}${path}`);
const send = (form = 'main form') => page.click(`${form} button[type="submit"]`);
const path = () => new URL(page.url()).pathname;

it('goes from the link on the console to a trainer who recovered her password, without JavaScript', async () => {
  const link = /\/setup\/[\w-]+/.exec(hub.output())?.[0];
  expect(link).toBeDefined();
  await go(link!);
  await page.fill('#name', '排早');
  await page.selectOption('#homeRegionCode', '533100');
  await page.fill('#password', 'short');
  await send();
  expect(await page.textContent('.problem')).toContain('密码至少 8 位');
  expect(await page.inputValue('#name')).toBe('排早');
  expect(await page.inputValue('#password')).toBe('');
  await page.fill('#password', 'coffee and rice');
  await send();
  expect(path()).toBe('/admin/programmes/new');

  await page.click('a[href*="from=dehong-2019"]');
  await send();
  expect(path()).toMatch(/^\/programmes\/[0-9a-f-]{36}$/);

  await go('/admin/regions/533103');
  await page.fill('#code', '533103101');
  await page.fill('#name', '遮放镇');
  await send();
  expect(await page.textContent('main ul')).toContain('遮放镇');
  await go('/me');
  await send('form[action="?/out"]');
  expect(path()).toBe('/sign-in');

  await go('/register');
  await page.fill('#name', '咩罕');
  await page.selectOption('#homeRegionCode', '533103101');
  await page.fill('#username', 'mie.han');
  await page.fill('#password', 'jackfruit season');
  await send();
  expect(await page.textContent('.problem')).toContain('要同意以后才能注册');
  await page.fill('#password', 'jackfruit season');
  await page.check('#noticeVersion');
  await send();
  expect(path()).toBe('/');
  expect((await go('/admin'))?.status()).toBe(403);
  await go('/me');
  await send('form[action="?/everywhere"]');

  await go('/sign-in?next=/admin/roles');
  await page.fill('#username', 'admin');
  await page.fill('#password', 'coffee and rice');
  await send();
  expect(path()).toBe('/admin/roles');
  await page.fill('#username', 'mie.han');
  await page.selectOption('#role', 'trainer');
  await page.selectOption('#regionCode', '533103');
  await send('form[action="?/give"]');
  expect(await page.textContent('.done')).toContain('已任命');

  await go('/people?q=mie.han');
  await page.click('tbody a');
  await page.check('input[value="village-roster"]');
  await send('form[action="?/verify"]');
  expect(await page.textContent('dl')).toContain('已核验');
  await send('form[action="?/code"]');
  const code = await page.textContent('.once .value');
  await go('/me');
  await send('form[action="?/out"]');

  await go('/recover');
  await page.fill('#username', 'mie.han');
  await page.fill('#code', code!);
  await page.fill('#password', 'coffee in bloom');
  await send();
  expect(path()).toBe('/sign-in');
  await page.fill('#username', 'mie.han');
  await page.fill('#password', 'coffee in bloom');
  await send();
  await go('/me');
  expect(await page.textContent('main')).toContain('讲师');
  await go('/people/new');
  expect(await page.title()).toContain('登记一个人');
});
