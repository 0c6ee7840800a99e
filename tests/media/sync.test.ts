import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BroadcastMedia } from '../../media/contract.ts';
import { launchChromium } from '../support/chromium.ts';
import { nextEvent, openTestMedia, wait, type TestMedia } from '../support/open-media.ts';
import { joinEpoch } from '../support/probe-media.ts';
import { serveMedia, type MediaSite } from '../support/serve-media.ts';

/** Starting times in seconds of the white flashes of a film. */
function flashes(file: string): number[] {
  const times = execFileSync('ffprobe', [
    ...[
      '-v',
      'error',
      '-f',
      'lavfi',
      '-of',
      'csv=p=0',
      '-show_entries',
      'frame=pts_time:frame_tags=lavfi.signalstats.YAVG',
    ],
    `movie=${file},signalstats`,
  ]).toString();
  const frames = times
    .trim()
    .split('\n')
    .map((line) => line.split(',').map(Number) as [number, number]);
  return frames
    .filter(([, bright], at) => bright > 128 && (frames[at - 1]?.[1] ?? 255) <= 128)
    .map(([at]) => at);
}

/** Starting times in seconds of the beeps of a film: the first loud sample after quiet. */
function beeps(file: string): number[] {
  const rate = 8000;
  const raw = execFileSync(
    'ffmpeg',
    ['-v', 'fatal', '-i', file, '-map', '0:a', '-ac', '1', '-ar', String(rate), '-f', 's16le', 'pipe:1'],
    {
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  const found: number[] = [];
  let lastLoud = -Infinity;
  for (let at = 0; at * 2 < raw.length; at += 1) {
    if (Math.abs(raw.readInt16LE(at * 2)) < 4000) continue;
    if (at - lastLoud > rate / 4) found.push(at / rate);
    lastLoud = at;
  }
  return found;
}

/** For each flash but the first, how much later its beep begins. */
function soundAfterPictureMs(film: string): number[] {
  const heard = beeps(film);
  return flashes(film)
    .slice(1)
    .map((at) => {
      const nearest = heard.reduce(
        (best, beep) => (Math.abs(beep - at) < Math.abs(best - at) ? beep : best),
        Infinity,
      );
      return Math.round((nearest - at) * 1000);
    });
}

let media: TestMedia;
let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'xiangbo-sync-'));
  media = await openTestMedia();
});
afterEach(async () => {
  await media.close();
  await rm(directory, { recursive: true, force: true });
});

async function recordSeconds(seconds: number, publish: (broadcast: BroadcastMedia) => Promise<unknown>) {
  const broadcast = await media.plane.openBroadcast({ id: 'sync' });
  const live = nextEvent(broadcast, 'live');
  await publish(broadcast);
  await live;
  await wait(seconds * 1000);
  const offsets = soundAfterPictureMs(joinEpoch(media.storageDir, await broadcast.end('over'), 0));
  console.info(`sound after picture, ms: ${offsets.join(' ')}`);
  expect(offsets.length).toBeGreaterThan(seconds / 2);
  return offsets;
}

test('sound and picture of a clip stay together in the recording', async () => {
  const clip = join(directory, 'sync.mp4');
  const everySecond = 'lt(mod(t,1),0.12)';
  execFileSync('ffmpeg', [
    ...[
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      `color=black:s=320x180:r=25:d=10,drawbox=t=fill:c=white:enable='${everySecond}'`,
    ],
    ...['-f', 'lavfi', '-i', `aevalsrc='0.6*sin(2*PI*880*t)*${everySecond}':d=10:s=48000`],
    ...['-c:v', 'libx264', '-profile:v', 'baseline', '-g', '50', '-bf', '0', '-c:a', 'aac', clip],
  ]);
  const offsets = await recordSeconds(8, (broadcast) => broadcast.playClip({ peerId: 'clip', file: clip }));
  for (const offset of offsets) expect(Math.abs(offset)).toBeLessThan(80);
});

test('sound and picture of a browser stay together in the recording', async () => {
  const browser = await launchChromium();
  const page = await browser.newPage();
  let site: MediaSite | null = null;
  const offsets = await recordSeconds(8, async (broadcast) => {
    site = await serveMedia(broadcast);
    await page.goto(site.url);
    await page.evaluate(() =>
      (
        window as unknown as { mediaTest: { publishFlashes(peerId: string): Promise<void> } }
      ).mediaTest.publishFlashes('host'),
    );
  });
  await browser.close();
  await (site as MediaSite | null)?.close();
  const typical = offsets.toSorted((a, b) => a - b)[Math.floor(offsets.length / 2)]!;
  expect(Math.abs(typical)).toBeLessThan(80);
});
