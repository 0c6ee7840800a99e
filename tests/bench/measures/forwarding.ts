import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { prepareClip } from '../../../media/ingest/prepare-clip.ts';
import { openMediaPlane } from '../../../media/plane.ts';
import type { BroadcastMedia } from '../../../media/contract.ts';
import { decideConfig } from '../../../server/platform/config.ts';
import { readEnvironment } from '../../../server/platform/env.ts';
import { launchChromium } from '../../support/chromium.ts';
import { serveMedia } from '../../support/serve-media.ts';
import { openBareSfu, type BareSfu } from '../bare/sfu.ts';
import { makeCameraClip } from '../camera-clip.ts';
import { byTurns, median, type Measure } from '../comparison.ts';
import { cpuSecondsOf } from '../process-cpu.ts';

/** One page's transports, and how often each consumes the picture and the sound. */
const TRANSPORTS = 15;
const COPIES = 7;
const CONSUMERS = TRANSPORTS * COPIES * 2;
const ROUNDS = 3;
const SETTLE_MS = 2_000;
const SECONDS = 6;
/** So small that the one browser that receives it hundreds of times keeps up. */
const SMALL = {
  picture: 'testsrc=size=160x90:rate=10:duration=10',
  sound: 'sine=frequency=440:sample_rate=48000:duration=10',
  ...{ keyframeEvery: 20, bitrate: '100k' },
};

/** What a media worker's core is worth: consumers it could carry at the cost that each has among {@link CONSUMERS}. */
export const measureForwarding: Measure = async (tell) => {
  const dir = await mkdtemp(join(tmpdir(), 'xiangbo-forwarding-'));
  const { workerBin } = decideConfig(readEnvironment({ DATA_DIR: dir }), { demo: false }).media;
  const file = join(dir, 'clip.mp4');
  makeCameraClip(file, SMALL);
  const browser = await launchChromium();
  const plane = await openMediaPlane({
    ...{ workerBin, ffmpegPath: 'ffmpeg', workers: 1, listenHost: '127.0.0.1', rtcPort: 0 },
    storageDir: join(dir, 'media'),
    log: (level, message) => tell(`${level}: ${message}`),
  });
  const prepared = await prepareClip({ ffmpegPath: 'ffmpeg', file, storageDir: dir });
  const bare = await openBareSfu({ workerBin, file: prepared });
  try {
    const broadcast = await plane.openBroadcast({ id: 'forwarding' });
    await broadcast.playClip({ peerId: 'clip', file });
    const [hubPid] = (plane as unknown as { workerPids: number[] }).workerPids;
    const lost: Record<string, number[]> = { hub: [], bare: [] };
    const turn = (name: string, served: Served, pid: number) => async () => {
      const { perCore, lossShare } = await measureCrowd(browser, served, pid);
      lost[name]!.push(lossShare);
      return perCore;
    };
    const rates = await byTurns(ROUNDS, {
      hub: turn('hub', broadcast, hubPid!),
      bare: turn('bare', bare.sfu, bare.workerPid),
    });
    for (const [name, values] of Object.entries(rates))
      tell(`${name} ${values.map(Math.round).join(', ')} consumers a core, lost ${lost[name]!.join(', ')}`);
    return [
      {
        what: `Forwarding, consumers a core among ${CONSUMERS}`,
        unit: 'consumers',
        hub: median(rates.hub),
        bare: [{ what: 'bare mediasoup, same clip', value: median(rates.bare) }],
      },
    ];
  } finally {
    await browser.close();
    await bare.close();
    await plane.close('the bench is over');
    await rm(dir, { recursive: true, force: true });
  }
};

async function measureCrowd(browser: Browser, served: Served, workerPid: number) {
  const site = await serveMedia(served as BroadcastMedia);
  const page = await browser.newPage();
  try {
    await page.goto(site.url);
    const crowd = (name: 'joinCrowd' | 'readCrowd', ...given: number[]) =>
      page.evaluate(
        ([method, list]) =>
          (window as unknown as { mediaTest: Record<string, (...list: number[]) => Promise<Crowd>> })
            .mediaTest[method]!(...list),
        [name, given] as const,
      );
    await crowd('joinCrowd', TRANSPORTS, COPIES);
    await page.waitForTimeout(SETTLE_MS);
    const [before, cpuBefore, startedAt] = [
      await crowd('readCrowd'),
      cpuSecondsOf(workerPid),
      performance.now(),
    ];
    await page.waitForTimeout(SECONDS * 1000);
    const share = (cpuSecondsOf(workerPid) - cpuBefore) / ((performance.now() - startedAt) / 1000);
    const after = await crowd('readCrowd');
    const received = after.received - before.received;
    const lost = after.lost - before.lost;
    if (received < CONSUMERS * SECONDS * 5) throw new Error(`only ${received} packets came`);
    return { perCore: CONSUMERS / share, lossShare: lost / (received + lost) };
  } finally {
    await page.close();
    await site.close();
    for (let index = 0; index < TRANSPORTS; index += 1) served.closePeer(`crowd-${index}`);
  }
}

/** Signalling of a viewer is all that is asked of it. */
type Served = BroadcastMedia | BareSfu;

interface Crowd {
  received: number;
  lost: number;
}
