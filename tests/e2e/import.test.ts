import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { idNumberOf } from '../support/id-numbers.ts';
import { xlsxOf } from '../support/make-xlsx.ts';
import { peopleOf } from '../support/people-of.ts';
import { serveHub, type ServedHub } from '../support/serve-hub.ts';

const COUNTY = '533103';

let hub: ServedHub;
let browser: Browser;
let page: Page;
let cookie: string;
const noise: string[] = [];

async function post<T>(path: string, body: object): Promise<T> {
  const response = await fetch(hub.origin + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify(body),
  });
  expect([path, response.ok]).toEqual([path, true]);
  return (await response.json()) as T;
}

/** An open run of the trainer's with places for ten. */
async function newRun(): Promise<string> {
  const about = { level: '普及培训', audiences: ['农村群众'], hours: 4, regionCode: COUNTY };
  const course = await post<{ id: string }>('/api/courses', { ...about, title: '直播开店', summary: '开播' });
  const startsAt = Date.now() + 86_400_000;
  const run = await post<{ id: string }>('/api/runs', {
    ...{ ...about, courseId: course.id, title: '第一期', form: '线上直播', capacity: 10 },
    sessions: [
      {
        title: '第一讲',
        startsAt: new Date(startsAt).toISOString(),
        endsAt: new Date(startsAt + 3_600_000).toISOString(),
        thresholdMinutes: 30,
      },
    ],
  });
  await post(`/api/runs/${run.id}/open`, {});
  return run.id;
}

/** Nothing that hinders a reader, a screen reader or a narrow screen. */
async function expectSound(): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(beyond).toBeLessThanOrEqual(0);
}

beforeAll(async () => {
  [hub, browser] = await Promise.all([serveHub(), launchChromium()]);
  const { trainer } = await peopleOf(hub.dataDir, {
    trainer: {
      name: '岩罕亮',
      roles: [
        ['trainer', COUNTY],
        ['station', COUNTY],
      ],
    },
  });
  cookie = trainer.cookie;
  const context = await browser.newContext({ viewport: { width: 360, height: 800 }, locale: 'zh-CN' });
  const [name, value] = cookie.split('=');
  await context.addCookies([
    { name: name!, value: value!, url: hub.origin },
    { name: 'xiangbo_locale', value: 'zh-CN', url: hub.origin },
  ]);
  page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && noise.push(message.text()));
  page.on('pageerror', (error) => noise.push(error.message));
});
afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

it('takes a trainer from a messy spreadsheet over its faults to a roster, and a station to who is there twice', async () => {
  const runId = await newRun();
  const sheet = await xlsxOf({
    rows: [
      ['芒市2026年电商培训学员名册'],
      ['序号', '学员姓名', '身份证号码', '联系电话', '人员类别'],
      ['1', '咩罕', idNumberOf(1), '１３８１２３４１２３４', '妇女'],
      ['2', '排早', 5.33103199001011e17, null, null],
      ['3', '咩罕', null, '13812341234', null],
      ['填表人：李四'],
    ],
  });
  await page.goto(`${hub.origin}/teach/runs/${runId}`);
  await page.click(`a[href="/imports/new?run=${runId}"]`);
  await expectSound();
  await page.setInputFiles('#file', { name: '名册.xlsx', mimeType: '', buffer: Buffer.from(sheet) });
  await page.click('text=上传并检查');
  await page.waitForURL(/\/imports\/[0-9a-f-]{36}$/);
  expect(await page.textContent('main')).toContain('后几位已经丢了');
  await expectSound();

  await page.fill('#row4-idNumber', idNumberOf(2));
  await page.click('text=改好了');
  await page.check('[name=method][value=paper]');
  await expectSound();
  await page.click('text=给 3 人报名');
  await page.waitForSelector('text=新登记 3 人');
  await page.click(`main a[href="/teach/runs/${runId}"] >> nth=-1`);
  await page.waitForSelector('text=排*');

  // The list named one woman twice, once without her number.
  await page.goto(`${hub.origin}/people/alike`);
  await expectSound();
  await page.fill('[name=reason]', '名册上登记了两次');
  await page.click('text=是同一个人，合并');
  await page.waitForSelector('text=没有发现重复的人');
  expect(noise).toEqual([]);
});
