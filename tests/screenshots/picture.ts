import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { SampleFacts } from './sample.ts';

const PICTURE = fileURLToPath(new URL('../../docs/picture.webp', import.meta.url));
const LARGEST_BYTES = 300_000;
const SETTLE_MS = 3_000;
const DESK = { width: 1280, height: 860 };
const CANVAS = { width: 1740, height: 990 };
const PHONE = { width: 360, height: 760 };
const CHAT = [
  { as: 'trainer', says: '今天讲咖啡豆怎么拍、怎么定价' },
  { as: 'trainee', says: '老师，日晒的和水洗的要分开卖吗？' },
  { as: 'trainer', says: '要，产地和处理法都写在标题里' },
] as const;

type Someone = (typeof CHAT)[number]['as'] | 'county';

/** What the picture is made of: pages of the sample, as the people of the sample see them. */
export interface PictureStage {
  origin: string;
  facts: SampleFacts;
  openContext(as: Someone, viewport: { width: number; height: number }): Promise<BrowserContext>;
}

/** Writes docs/picture.webp for the README: a county's figures at the desk, the live class on a phone. Returns its path. */
export async function composePicture(browser: Browser, stage: PictureStage): Promise<string> {
  const desk = await shootFigures(stage);
  const phone = await shootLiveClass(stage);
  const page = await browser.newPage({ viewport: CANVAS });
  await page.setContent(collage(desk, phone));
  await page.waitForFunction(() => [...document.images].every(({ complete }) => complete));
  const png = await page.screenshot();
  await page.close();
  await writeWebp(png);
  return PICTURE;
}

async function shootFigures({ origin, facts, openContext }: PictureStage): Promise<Buffer> {
  const context = await openContext('county', DESK);
  const page = await context.newPage();
  await page.goto(`${origin}/programmes/${facts.programmeId}/figures`);
  await page.waitForTimeout(SETTLE_MS);
  const shot = await page.screenshot();
  await context.close();
  return shot;
}

async function shootLiveClass({ origin, facts, openContext }: PictureStage): Promise<Buffer> {
  const rooms = {
    trainer: await openContext('trainer', DESK),
    trainee: await openContext('trainee', PHONE),
  };
  const pages = {} as Record<keyof typeof rooms, Page>;
  for (const as of ['trainer', 'trainee'] as const) {
    pages[as] = await rooms[as].newPage();
    await pages[as].goto(`${origin}/live/${facts.liveId}`);
    await pages[as].waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0);
  }
  for (const { as, says } of CHAT) {
    const form = pages[as].locator('.panel form');
    await form.locator('input, textarea').fill(says);
    await form.locator('button[type="submit"], button:not([type])').click();
    await pages.trainee.getByText(says).waitFor();
  }
  await pages.trainee.waitForTimeout(SETTLE_MS);
  await pages.trainee.evaluate(() => window.scrollTo(0, 0));
  const shot = await pages.trainee.screenshot();
  for (const context of Object.values(rooms)) await context.close();
  return shot;
}

/** Both on the paper of the hub's own pages (web/styles/tokens.css). */
function collage(desk: Buffer, phone: Buffer): string {
  const source = (shot: Buffer) => `data:image/png;base64,${shot.toString('base64')}`;
  return `<!doctype html><style>
    body { margin: 0; width: ${CANVAS.width}px; height: ${CANVAS.height}px; background: linear-gradient(160deg, #f8f1e4, #eadbc3); overflow: hidden; }
    img { position: absolute; display: block; }
    .desk { left: 50px; top: 65px; width: ${DESK.width}px; border-radius: 14px; box-shadow: 0 24px 60px #3a1c1440; }
    .phone { right: 50px; bottom: 50px; width: ${PHONE.width}px; border: 10px solid #2a1512; border-radius: 40px;
      box-shadow: 0 24px 60px #3a1c1466; }
  </style><img class="desk" src="${source(desk)}"><img class="phone" src="${source(phone)}">`;
}

async function writeWebp(png: Buffer): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'xiangbo-picture-'));
  try {
    const file = join(dir, 'picture.png');
    await writeFile(file, png);
    const args = ['-v', 'error', '-y', '-i', file, '-c:v', 'libwebp', '-quality', '84', PICTURE];
    await promisify(execFile)('ffmpeg', args);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
  const { size } = await stat(PICTURE);
  if (size > LARGEST_BYTES) throw new Error(`docs/picture.webp has ${size} bytes: too many for a README`);
}
