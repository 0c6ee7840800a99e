/**
 * `npm run screenshots`: every page at phone and desktop width, in both languages, light and dark, to
 * tests/output/screenshots. Fails when a page answers wrongly, throws, overflows sideways or shuts people out.
 *
 *   npm run screenshots                      all of them
 *   npm run screenshots -- home live         some pages
 *   npm run screenshots -- --first           each page once: phone, zh-CN, light
 *   npm run screenshots -- --picture         docs/picture.webp anew
 */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext } from 'playwright-core';
import { launchChromium } from '../support/chromium.ts';
import { serveHub } from '../support/serve-hub.ts';
import { setupPathOf } from '../support/setup-path.ts';
import { composePicture, type PictureStage } from './picture.ts';
import { lookAtPage } from './look-at-page.ts';
import { pagesOfNewHub, SAMPLE_PAGES, type PageToShow } from './pages.ts';
import { discoverSample, signInAll, type Role, type SampleFacts } from './sample.ts';
import { nameOf, SIZES, VARIANTS, type Variant } from './variants.ts';

const OUTPUT = fileURLToPath(new URL('../output/screenshots/', import.meta.url));

/** A hub with what is needed to stand on its pages. */
interface Stage {
  origin: string;
  facts: SampleFacts;
  cookies: Partial<Record<Role, string>>;
}

const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const chosen = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const isChosen = ({ name }: PageToShow) => chosen.length === 0 || chosen.includes(name);
const variants = options.includes('--first') ? VARIANTS.slice(0, 1) : VARIANTS;

await mkdir(OUTPUT, { recursive: true });
const browser = await launchChromium();
const faults: string[] = [];
try {
  const sample = await serveHub({ args: ['--demo'] });
  try {
    const cookies = await signInAll(sample.origin);
    const stage = { origin: sample.origin, cookies, facts: await discoverSample(sample.origin, cookies) };
    if (options.includes('--picture'))
      console.log(`written: ${await composePicture(browser, pictureOf(stage))}`);
    else faults.push(...(await lookAtAll(browser, stage, SAMPLE_PAGES.filter(isChosen))));
  } finally {
    await sample.close();
  }
  if (!options.includes('--picture')) faults.push(...(await lookAtNewHub(browser)));
} finally {
  await browser.close();
}
console.log(faults.length === 0 ? 'No page has a fault.' : `${faults.length} faults.`);
process.exitCode = faults.length === 0 ? 0 : 1;

async function lookAtNewHub(browser: Browser): Promise<string[]> {
  if (!pagesOfNewHub('').some(isChosen)) return [];
  const hub = await serveHub();
  try {
    const setupPath = await setupPathOf(hub);
    const stage = { origin: hub.origin, cookies: {}, facts: {} as SampleFacts };
    return await lookAtAll(browser, stage, pagesOfNewHub(setupPath).filter(isChosen));
  } finally {
    await hub.close();
  }
}

async function lookAtAll(browser: Browser, stage: Stage, pages: readonly PageToShow[]): Promise<string[]> {
  const found: string[] = [];
  for (const variant of variants) {
    const contexts = new Map<Role | undefined, BrowserContext>();
    for (const { name, as, path, status = 200, playing = false } of pages) {
      const context = contexts.get(as) ?? (await openContext(browser, stage, variant, as));
      contexts.set(as, context);
      const shot = `${name}-${nameOf(variant)}`;
      const seen = await lookAtPage(context, stage.origin + path(stage.facts), {
        ...{ file: `${OUTPUT}${shot}.png`, status, playing },
        withAxe: variant === VARIANTS[0],
      });
      for (const fault of seen) console.log(`✗ ${shot} ${fault}`);
      found.push(...seen.map((fault) => `${shot} ${fault}`));
    }
    for (const context of contexts.values()) await context.close();
    console.log(`${nameOf(variant)}: ${pages.length} pages`);
  }
  return found;
}

function pictureOf(stage: Stage): PictureStage {
  const { origin, facts } = stage;
  return {
    ...{ origin, facts },
    openContext: (as, viewport) => openContext(browser, stage, VARIANTS[0]!, as, viewport),
  };
}

async function openContext(
  browser: Browser,
  { origin, cookies }: Stage,
  { size, locale, theme }: Variant,
  as: Role | undefined,
  viewport: { width: number; height: number } = SIZES[size],
): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport,
    locale,
    colorScheme: theme,
    reducedMotion: 'reduce',
    timezoneId: 'Asia/Shanghai',
    permissions: ['camera', 'microphone'],
  });
  const kept = [`xiangbo_locale=${locale}`, `xiangbo_theme=${theme}`, ...(as ? [cookies[as]!] : [])];
  await context.addCookies(
    kept.map((cookie) => {
      const at = cookie.indexOf('=');
      return { name: cookie.slice(0, at), value: cookie.slice(at + 1), url: origin };
    }),
  );
  return context;
}
