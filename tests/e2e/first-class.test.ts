import { mkdir } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { playbackMode, untilPlaying } from '../support/room-page.ts';
import { serveHub, type ServedHub } from '../support/serve-hub.ts';

const MANGSHI = '533103';
const LONGCHUAN = '533124';
const PASSWORD = 'mi-xiang-2026';
const DAY_MS = 24 * 3_600_000;

let hub: ServedHub;
let browser: Browser;
const pages = new Map<string, Page>();
const faults: string[] = [];

beforeAll(async () => {
  // A minute of presence is counted in 1 s steps, so that the class need not last longer than the rule asks.
  [hub, browser] = await Promise.all([serveHub({ env: { PRESENCE_PING_SECONDS: '1' } }), launchChromium()]);
});
/** What everyone saw when it failed, for whoever has to find out why. */
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  await mkdir('tests/output', { recursive: true });
  for (const [who, page] of pages)
    await page.screenshot({ path: `tests/output/first-class-${who.replace(' ', '-')}.png` });
});
afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

/** A browser of somebody's own: a phone, or a desk's screen. */
async function openBrowserOf(who: string, size: 'phone' | 'desk' = 'phone'): Promise<Page> {
  const viewport = size === 'phone' ? { width: 360, height: 800 } : { width: 1440, height: 900 };
  const context = await browser.newContext({ viewport, locale: 'zh-CN' });
  const page = await context.newPage();
  pages.set(who, page);
  page.on('pageerror', (error) => faults.push(`${who}: ${error}`));
  page.on('response', (response) => {
    if (response.status() >= 500) faults.push(`${who}: ${response.status()} ${response.url()}`);
  });
  return page;
}

const lead = (page: Page) =>
  page.locator('main form button[type=submit], main form button:not([type])').last();
const day = (offsetDays: number) =>
  new Date(Date.now() + 8 * 3_600_000 + offsetDays * DAY_MS).toISOString().slice(0, 10);

async function register(
  page: Page,
  person: { name: string; username: string; region: string },
): Promise<void> {
  await page.goto(`${hub.origin}/register`);
  await page.fill('[name=name]', person.name);
  await page.selectOption('[name=homeRegionCode]', person.region);
  await page.fill('[name=username]', person.username);
  await page.fill('[name=password]', PASSWORD);
  await page.check('[name=noticeVersion]');
  await page.click('text=注册并登录');
  await page.waitForURL((url) => !url.pathname.startsWith('/register'));
}

async function setUpTheHub(): Promise<Page> {
  const admin = await openBrowserOf('administrator', 'desk');
  await admin.goto(/First administrator → (\S+)/.exec(hub.output())![1]!);
  await admin.fill('[name=name]', '段管理');
  await admin.selectOption('[name=homeRegionCode]', MANGSHI);
  await admin.fill('[name=username]', 'admin');
  await admin.fill('[name=password]', PASSWORD);
  await admin.click('text=建立管理员');
  await admin.waitForURL('**/admin/programmes/new');
  await admin.goto(`${hub.origin}/admin/programmes/new?from=dehong-2019`);
  await admin.fill('[name=startsOn]', day(-30));
  await admin.fill('[name=endsOn]', day(300));
  await lead(admin).click();
  await admin.waitForURL((url) => !url.pathname.endsWith('/new'));
  return admin;
}

async function appoint(
  admin: Page,
  username: string,
  [role, roleWords]: [string, string],
  regionCode: string,
): Promise<void> {
  await admin.goto(`${hub.origin}/admin/roles`);
  const giving = admin.locator('form[action="?/give"]').first();
  await giving.locator('[name=username]').fill(username);
  await giving.locator('[name=role]').selectOption(role);
  await giving.locator('[name=regionCode]').selectOption(regionCode);
  await giving.locator('button').click();
  await admin.waitForSelector(`tr:has-text("${username}"):has-text("${roleWords}")`);
}

/** Course, run with one session whose rule asks for a minute, open enrolment. Returns the run's address. */
async function planTheClass(trainer: Page): Promise<string> {
  await trainer.goto(`${hub.origin}/teach/courses/new`);
  await trainer.fill('[name=title]', '遮放贡米怎么拍');
  await trainer.fill('[name=summary]', '一部手机拍出米香：光线、背景、三张必拍图。');
  await trainer.selectOption('[name=level]', '专业技能培训');
  await trainer.check('[name=audiences][value=农村群众]');
  await trainer.click('button:has-text("保存，去开班")');
  await trainer.waitForURL('**/teach/runs/new*');
  await trainer.click('button:has-text("下一步")');
  const now = new Date(Date.now() + 8 * 3_600_000 + 60_000).toISOString().slice(0, 16);
  await trainer.fill('[name="sessions.0.startsAt"]', now);
  await trainer.fill('[name="sessions.0.minutes"]', '30');
  await trainer.fill('[name="sessions.0.thresholdMinutes"]', '1');
  await trainer.click('button:has-text("下一步")');
  await trainer.click('button:has-text("建好这一期")');
  await trainer.waitForURL(/\/teach\/runs\/(?!new)/);
  await trainer.click('button:has-text("开放报名")');
  await trainer.waitForSelector('button:has-text("截止报名")');
  await trainer.click('button:has-text("准备开播")');
  await trainer.waitForURL('**/studio/*');
  return trainer.url();
}

async function enrol(trainee: Page): Promise<void> {
  await trainee.goto(`${hub.origin}/courses`);
  await trainee.click('text=遮放贡米怎么拍');
  await trainee.waitForURL(/\/(courses|runs)\/.+/);
  if (trainee.url().includes('/courses/')) await trainee.click('a[href^="/runs/"]');
  await trainee.click('button:has-text("我要报名")');
  await trainee.waitForSelector('text=已报名');
}

/** The figures a page shows, by indicator: the value as it is read. */
async function figuresOn(page: Page): Promise<Record<string, string>> {
  return page.$$eval('[data-indicator]', (cards) =>
    Object.fromEntries(
      cards.map((card) => [
        card.getAttribute('data-indicator')!,
        card.querySelector('[data-value]')?.textContent?.replace(/\s/g, '') ?? '',
      ]),
    ),
  );
}

it('carries one live class from the first start to the official’s figure and its rows', async () => {
  const admin = await setUpTheHub();
  const [trainer, quick, saving, official] = await Promise.all([
    openBrowserOf('trainer', 'desk'),
    openBrowserOf('quick trainee'),
    openBrowserOf('saving trainee'),
    openBrowserOf('official', 'desk'),
  ]);
  await register(trainer, { name: '岩罕亮', username: 'yanhan', region: MANGSHI });
  await register(quick, { name: '勒排早相', username: 'lepai', region: MANGSHI });
  await register(saving, { name: '孟晓芳', username: 'mengxf', region: LONGCHUAN });
  await register(official, { name: '线文彬', username: 'xianwb', region: MANGSHI });
  await appoint(admin, 'yanhan', ['trainer', '讲师'], MANGSHI);
  await appoint(admin, 'xianwb', ['county-official', '县市主管'], MANGSHI);

  const studio = await planTheClass(trainer);
  const broadcastId = studio.split('/').at(-1)!;
  for (const trainee of [quick, saving]) await enrol(trainee);

  // The official looks on from before the class to after it, without reloading.
  await official.goto(`${hub.origin}/programmes`);
  await official.click('text=德宏州2019年');
  await official.click('text=看进度');
  await official.waitForSelector('[data-indicator="training.personTimes"]');
  expect(await figuresOn(official)).toMatchObject({ 'training.personTimes': '0', 'training.persons': '0' });
  const programmeId = /programmes\/([^/]+)\/figures/.exec(official.url())![1]!;

  await trainer.click('button:has-text("开始上课")');
  await trainer.waitForSelector('.bar[data-sending="true"][data-state="live"]');
  for (const trainee of [quick, saving]) await trainee.goto(`${hub.origin}/live/${broadcastId}`);
  await saving.click('label:has-text("省流量")');
  await Promise.all([untilPlaying(quick, 25), untilPlaying(saving, 25)]);
  expect(await playbackMode(quick)).toBe('webrtc');
  expect(await playbackMode(saving)).toBe('hls');
  await quick.fill('#chat-draft', '听得清楚，米好香');
  await quick.click('button:has-text("发送")');
  await saving.waitForSelector('text=听得清楚，米好香');

  await Promise.all(
    [quick, saving].map((trainee) => trainee.waitForSelector('text=已到课', { timeout: 120_000 })),
  );
  const untilFigure = (indicator: string, value: string) =>
    official.waitForFunction(
      ([code, wanted]) =>
        document.querySelector(`[data-indicator="${code}"] [data-value]`)?.textContent?.replace(/\s/g, '') ===
        wanted,
      [indicator, value] as const,
      { timeout: 10_000 },
    );
  await untilFigure('training.personTimes', '2');
  await untilFigure('training.professionalPersonTimes', '2');

  await trainer.click('button:has-text("结束上课")');
  await trainer.click('button:has-text("马上结束")');
  await trainer.waitForSelector('text=课上完了');
  await quick.click('button:has-text("播放回放")');
  await untilPlaying(quick, 15);
  expect(await playbackMode(quick)).toBe('replay');
  const length = await quick.evaluate(() => document.querySelector('video')!.duration);
  expect(length).toBeGreaterThan(55);
  await quick.evaluate((to) => (document.querySelector('video')!.currentTime = to), length / 2);
  await untilPlaying(quick, 15);

  for (const [trainee, overall] of [
    [quick, 5],
    [saving, 3],
  ] as const) {
    await trainee.goto(`${hub.origin}/learn`);
    await trainee.click('text=去评价');
    await trainee.locator(`[name=overall][value="${overall}"]`).check({ force: true });
    await trainee.fill('[name=comment]', '讲得实在');
    await lead(trainee).click();
    await trainee.waitForSelector('text=谢谢');
  }
  await untilFigure('training.satisfaction', '50');

  await official.click('[data-indicator="training.personTimes"] a');
  await official.waitForURL('**/figures/training.personTimes*');
  const rows = await official.innerText('main');
  expect(rows).toContain('明细 2 条');
  expect(rows).toMatch(/勒\*+/);
  expect(rows).not.toMatch(/勒排早相|孟晓芳/);

  const other = await official.goto(`${hub.origin}/programmes/${programmeId}/figures?region=${LONGCHUAN}`);
  expect(other?.status()).toBe(403);
  const api = await official.evaluate(
    async (path) => (await fetch(path)).status,
    `/api/programmes/${programmeId}/indicators?region=${LONGCHUAN}`,
  );
  expect(api).toBe(403);
  expect(faults.filter((fault) => !fault.includes('403'))).toEqual([]);
}, 300_000);
