import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { eventually } from '../support/live-hub.ts';
import { serveHub, type ServedHub } from '../support/serve-hub.ts';

const PHONE = { width: 360, height: 800 };
const PASSWORD = 'coffee and rice';
const COUNTY = '533103';

let hub: ServedHub;
let browser: Browser;
const cookies: Record<string, string> = {};

async function post(path: string, body: unknown, who?: string): Promise<Response> {
  const response = await fetch(hub.origin + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(who ? { cookie: cookies[who]! } : {}) },
    body: JSON.stringify(body),
  });
  expect([path, response.ok]).toEqual([path, true]);
  return response;
}

async function signIn(username: string): Promise<void> {
  const response = await post('/api/auth/login', { username, password: PASSWORD });
  cookies[username] = response.headers.getSetCookie()[0]!.split(';')[0]!;
}

async function pageOf(
  who: string | undefined,
  javaScriptEnabled: boolean,
): Promise<{ page: Page; context: BrowserContext; noise: string[] }> {
  const context = await browser.newContext({ viewport: PHONE, javaScriptEnabled, locale: 'zh-CN' });
  if (who) {
    const [name, value] = cookies[who]!.split('=');
    await context.addCookies([{ name: name!, value: value!, url: hub.origin }]);
  }
  const page = await context.newPage();
  const noise: string[] = [];
  page.on('console', (message) => message.type() === 'error' && noise.push(message.text()));
  page.on('pageerror', (error) => noise.push(error.message));
  return { page, context, noise };
}

/** Nothing that hinders a reader, a screen reader or a narrow screen. */
async function expectSound(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag2aaa', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
  ).toBeLessThanOrEqual(0);
}

beforeAll(async () => {
  [hub, browser] = await Promise.all([serveHub(), launchChromium()]);
  // Said after the address, so that it may come a moment later.
  const said = await eventually(
    () => /\/setup\/(\S+)/.exec(hub.output()),
    (found) => found !== null,
  );
  const token = said![1]!;
  await post('/api/setup', { token, username: 'first', password: PASSWORD, name: '排早' });
  await signIn('first');
  for (const username of ['teacher', 'learner', 'official']) {
    await post('/api/auth/register', {
      ...{ username, password: PASSWORD, name: '岩罕亮', homeRegionCode: COUNTY },
      noticeVersion: (await (await fetch(`${hub.origin}/api/auth/notice`)).json()).noticeVersion,
    });
    await signIn(username);
  }
  await post('/api/grants', { username: 'teacher', role: 'trainer', regionCode: COUNTY }, 'first');
  await post('/api/grants', { username: 'official', role: 'county-official', regionCode: COUNTY }, 'first');
  const period = { startsOn: '2026-01-01', endsOn: '2030-12-31' };
  const copy = { catalogueId: 'dehong-2019', ...period, regionCodes: [COUNTY, '533124'] };
  await post('/api/programmes', copy, 'first');
});

afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

it('a course is written, a run made and opened, and a place taken, all without JavaScript', async () => {
  const teacher = await pageOf('teacher', false);
  await teacher.page.goto(`${hub.origin}/teach/courses/new`);
  await teacher.page.fill('[name=title]', '咖啡怎么拍');
  await teacher.page.click('main button');
  expect(await teacher.page.inputValue('[name=title]')).toBe('咖啡怎么拍');
  expect(await teacher.page.textContent('[role=alert]')).toContain('适合谁');
  await teacher.page.fill('[name=summary]', '手机拍出好照片');
  await teacher.page.check('[name=audiences] >> nth=0');
  await teacher.page.click('main button');
  await teacher.page.waitForURL(/teach\/runs\/new\?course=/);
  await teacher.page.click('main form button');
  await teacher.page.waitForURL(/teach\/runs\/[0-9a-f-]{36}$/);
  expect(await teacher.page.textContent('h1')).toBe('咖啡怎么拍');
  const address = teacher.page.url().replace('/teach', '');

  const learner = await pageOf('learner', false);
  expect((await learner.page.goto(address))!.status()).toBe(404);
  await teacher.page.click('button:has-text("开放报名")');
  await learner.page.goto(address);
  await learner.page.click('button:has-text("我要报名")');
  expect(await learner.page.textContent('main')).toContain('已报名');
  await learner.page.goto(`${hub.origin}/learn`);
  expect(await learner.page.textContent('main h2')).toBe('咖啡怎么拍');

  await teacher.page.reload();
  expect(await teacher.page.textContent('[role=table]')).toContain('岩*亮');
  await Promise.all([teacher.context.close(), learner.context.close()]);
});

it('courses and the public programme page read without JavaScript or an account', async () => {
  const { page, context } = await pageOf(undefined, false);
  await page.goto(`${hub.origin}/courses`);
  await page.click('text=咖啡怎么拍');
  expect(await page.textContent('main')).toContain('报名中');
  await page.goto(`${hub.origin}/programmes`);
  await page.click('main a');
  const said = await page.textContent('main');
  for (const fact of ['德商发〔2020〕36号', '芒市、陇川县', '≥ 3,000 人次', '开设网店数'])
    expect(said).toContain(fact);
  expect(said).not.toContain('看进度');
  await context.close();
});

it('a run is made one step at a time, and a fault opens the step that has it', async () => {
  const { page, context, noise } = await pageOf('teacher', true);
  await page.goto(`${hub.origin}/teach/runs/new`);
  await page.waitForSelector('text=第 1 / 3 步');
  expect(await page.isVisible('[name=capacity]')).toBe(false);
  await page.click('text=下一步');
  await page.fill('[name="sessions.0.thresholdMinutes"]', '90');
  await page.click('text=下一步');
  await page.fill('[name=capacity]', '30');
  await page.click('text=建好这一期');
  await page.waitForSelector('text=不能超过这节课的时长');
  expect(await page.inputValue('[name="sessions.0.thresholdMinutes"]')).toBe('90');
  expect(await page.inputValue('[name=capacity]')).toBe('30');
  await page.fill('[name="sessions.0.thresholdMinutes"]', '40');
  await page.click('text=下一步');
  await page.click('text=建好这一期');
  await page.waitForURL(/teach\/runs\/[0-9a-f-]{36}$/);
  await expectSound(page);
  await page.click('text=学员看到的页面');
  await page.waitForURL(/\/runs\/[0-9a-f-]{36}$/);
  expect(noise.filter((words) => !words.includes('400'))).toEqual([]);
  await context.close();
});

it('an official sees their county’s figures, opens the rows, and no other county’s', async () => {
  const { page, context } = await pageOf('official', true);
  await page.goto(`${hub.origin}/programmes`);
  await page.click('main .cards a');
  await page.click('text=看进度');
  await page.waitForSelector('h1:has-text("芒市")');
  expect(await page.textContent('main')).toContain('≥ 3,000 人次');
  await expectSound(page);
  await page.click('text=查看明细 >> nth=0');
  await page.waitForSelector('h1:has-text("电子商务培训人次")');
  await expectSound(page);
  const other = await page.goto(page.url().replace(/\/training.*$/, '?region=533124'));
  expect(other!.status()).toBe(403);
  await context.close();
});

it.each([
  ['teacher', '/teach'],
  ['teacher', '/teach/runs/new'],
  ['learner', '/learn'],
  [undefined, '/courses'],
  [undefined, '/programmes'],
] as const)('can be read, heard and operated by everyone (%s %s)', async (who, path) => {
  const { page, context, noise } = await pageOf(who, true);
  await page.goto(hub.origin + path);
  await expectSound(page);
  expect(noise).toEqual([]);
  await context.close();
});
