import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { peopleOf } from '../support/people-of.ts';
import { serveHub, type ServedHub } from '../support/serve-hub.ts';
import type { Someone } from '../support/sign-in-as.ts';

const PHONE = { width: 360, height: 800 };
const DESK = { width: 1440, height: 900 };
const COUNTY = '533103';
const MINUTE = 60_000;

let hub: ServedHub;
let browser: Browser;
let people: Record<'trainer' | 'official' | 'scans' | 'offline' | 'without' | 'called', Someone>;
let runId: string;
let sessionId: string;
let programmeId: string;
const noise: string[] = [];

async function ask<T>(method: string, path: string, who: Someone, body?: unknown): Promise<T> {
  const response = await fetch(hub.origin + path, {
    method,
    headers: { 'content-type': 'application/json', cookie: who.cookie },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  expect([path, response.ok, response.ok ? '' : text]).toEqual([path, true, '']);
  return JSON.parse(text) as T;
}

async function pageOf(who: Someone | undefined, viewport = PHONE) {
  const context = await browser.newContext({ viewport, locale: 'zh-CN' });
  if (who) {
    const [name, value] = who.cookie.split('=');
    await context.addCookies([{ name: name!, value: value!, url: hub.origin }]);
  }
  const page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && noise.push(message.text()));
  page.on('pageerror', (error) => noise.push(error.message));
  return { page, context };
}

/** Nothing that hinders a reader, a screen reader or a narrow screen. */
async function expectSound(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag2aaa', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(wide).toBeLessThanOrEqual(0);
}

const codeOn = (screen: Page) => screen.getAttribute('[data-code]', 'data-code');
async function personTimes(): Promise<number> {
  const figures = await ask<{ indicators: { code: string; figure: { value: number } | null }[] }>(
    'GET',
    `/api/programmes/${programmeId}/indicators?region=${COUNTY}`,
    people.official,
  );
  return figures.indicators.find((one) => one.code === 'training.personTimes')!.figure!.value;
}

beforeAll(async () => {
  [hub, browser] = await Promise.all([serveHub(), launchChromium()]);
  const all = await peopleOf(hub.dataDir, {
    administrator: { roles: [['administrator', '533100']] },
    trainer: { roles: [['trainer', COUNTY]] },
    official: { roles: [['county-official', COUNTY]] },
    scans: { name: '岩罕亮' },
    offline: { name: '玉香罕' },
    without: { name: '岩温香' },
    called: { name: '刀安明' },
  });
  people = all;
  const period = { startsOn: '2026-01-01', endsOn: '2030-12-31' };
  const copy = { catalogueId: 'dehong-2019', ...period, regionCodes: [COUNTY] };
  programmeId = (await ask<{ id: string }>('POST', '/api/programmes', all.administrator, copy)).id;
  const about = { level: '普及培训', audiences: ['农村群众'], hours: 4, regionCode: COUNTY };
  const course = await ask<{ id: string }>('POST', '/api/courses', all.trainer, {
    ...{ ...about, title: '手机摄影', summary: '拍好一颗咖啡豆' },
  });
  const now = Date.now();
  const run = await ask<{ id: string; sessions: { id: string }[] }>('POST', '/api/runs', all.trainer, {
    ...{ ...about, courseId: course.id, title: '第一期', form: '课堂教学', capacity: 20 },
    sessions: [
      {
        ...{ title: '第一讲', thresholdMinutes: 30 },
        startsAt: new Date(now - MINUTE).toISOString(),
        endsAt: new Date(now + 59 * MINUTE).toISOString(),
      },
    ],
  });
  [runId, sessionId] = [run.id, run.sessions[0]!.id];
  await ask('POST', `/api/runs/${runId}/open`, all.trainer);
  for (const who of [all.scans, all.offline, all.without, all.called])
    await ask('POST', `/api/runs/${runId}/enrolment`, who);
});

afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

it('a class signs in: by the code, by a phone that was offline, by roll-call; and the figure moves', async () => {
  expect(await personTimes()).toBe(0);
  const screen = await pageOf(people.trainer, DESK);
  await screen.page.goto(`${hub.origin}/teach/runs/${runId}`);
  await screen.page.click('main a:has-text("签到")');
  const address = await codeOn(screen.page);
  expect(address).toMatch(new RegExp(`^${hub.origin}/s/[\\w-]{46}$`));
  await expectSound(screen.page);

  // One taps.
  const scans = await pageOf(people.scans);
  await scans.page.goto(address!);
  await scans.page.click('button:has-text("我来了，签到")');
  await scans.page.waitForSelector('text=岩*亮，已签到');
  expect(await scans.page.textContent('main')).toContain('已计入出勤');
  await expectSound(scans.page);
  await screen.page.waitForSelector('text=已签到 1 / 4 人');

  // One has no network when it taps, and closes the page.
  const offline = await pageOf(people.offline);
  await offline.page.goto(address!);
  await offline.page.waitForSelector('text=愿意的话');
  await offline.context.setOffline(true);
  await offline.page.click('button:has-text("我来了，签到")');
  await offline.page.waitForSelector('text=没有网络，已记下');
  await offline.context.setOffline(false);
  await offline.page.waitForSelector('text=已补传：玉*罕 · 第一讲');
  await screen.page.waitForSelector('text=已签到 2 / 4 人');

  // One scans where there is no network at all: the page was kept when it was opened before.
  const without = await pageOf(people.without);
  await without.page.goto(`${hub.origin}/s`);
  const isKept = async () =>
    (await caches.open('sign-in')).match('/s/kept').then((found) => found !== undefined);
  await expect.poll(() => without.page.evaluate(isKept), { timeout: 10_000 }).toBe(true);
  await without.context.setOffline(true);
  await without.page.goto((await codeOn(screen.page))!);
  await without.page.click('button:has-text("我来了，签到")');
  await without.page.waitForSelector('text=没有网络，已记下');
  await without.context.setOffline(false);
  await without.page.waitForSelector('text=已补传：岩*香 · 第一讲');
  await screen.page.waitForSelector('text=已签到 3 / 4 人');

  // One is called.
  await screen.page.click('main a:has-text("点名")');
  await screen.page.click('li:has-text("刀*明") button:has-text("到了")');
  await screen.page.waitForSelector('li:has-text("刀*明"):has-text("点名")');
  await expectSound(screen.page);

  await expect.poll(personTimes, { timeout: 5000 }).toBe(4);
  await screen.page.goto(`${hub.origin}/teach/runs/${runId}`);
  const roster = await screen.page.textContent('[role=table]');
  for (const words of ['扫码', '点名', '“签到”规则第 1 版']) expect(roster).toContain(words);
  // Without a network a browser itself says that something failed to load.
  expect(noise.filter((words) => !words.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
  for (const { context } of [screen, scans, offline, without] as { context: BrowserContext }[])
    await context.close();
});

it('signs without JavaScript, by the number and by name and phone', async () => {
  const [someone] = [people.called];
  const context = await browser.newContext({ viewport: PHONE, locale: 'zh-CN', javaScriptEnabled: false });
  const page = await context.newPage();
  const shown = await ask<{ number: string; token: string }>(
    'GET',
    `/api/sessions/${sessionId}/sign-in?kind=out`,
    people.trainer,
  );
  await page.goto(`${hub.origin}/s/${shown.token}`);
  await page.fill('[name=name]', '没有这人');
  await page.fill('[name=phone]', '13812345678');
  await page.click('main form button');
  expect(await page.textContent('[role=alert]')).toContain('没有找到');
  const [name, value] = someone.cookie.split('=');
  await context.addCookies([{ name: name!, value: value!, url: hub.origin }]);
  await page.goto(`${hub.origin}/s`);
  await page.check('[name=kind][value=out]');
  await page.fill('[name=number]', `${shown.number.slice(0, 3)} ${shown.number.slice(3)}`);
  await page.click('main form button');
  expect(await page.textContent('main')).toContain('刀*明，已签退');
  await context.close();
});
