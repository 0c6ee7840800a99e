import { readdirSync, readFileSync, type Dirent } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { RtpCapabilities } from 'mediasoup/types';
import { openMediaPlane } from '../../../media/plane.ts';
import { makeClip } from '../../../media/ingest/make-clip.ts';
import type { MediaPlane } from '../../../media/contract.ts';
import { decideConfig } from '../../../server/platform/config.ts';
import { readEnvironment } from '../../../server/platform/env.ts';
import type { Comparison, Measure } from '../comparison.ts';

const BROADCASTS = 200;
/** Code is compiled and allocators have their pools after so many. */
const WARM_UP = 40;
/** Every so many one is really on the air for a moment; the others are rooms that were opened and left. */
const LIVE_EVERY = 10;
const VIEWERS = 4;

/** What is held, and what is open, of this process and the media worker. */
interface Held {
  heapMb: number;
  workerMb: number;
  /** Timers, sockets and pipes of this process; its children; and files, ports among them, that it and the worker hold open. */
  resources: number;
  processes: number;
  files: number;
  workerFiles: number;
  /** On the disk, beside what was recorded. */
  strayFiles: number;
}

const NOTHING_LEFT = ['resources', 'processes', 'files', 'workerFiles', 'strayFiles'] as const;
/** What memory may have grown by in the end, as a share of what it was. */
const MOST_GROWTH = 0.05;

/** Memory and everything else that is held before and after many broadcasts have come and gone. */
export const measureMemory: Measure = async (tell) => {
  const dir = await mkdtemp(join(tmpdir(), 'xiangbo-memory-'));
  const { workerBin } = decideConfig(readEnvironment({ DATA_DIR: dir }), { demo: false }).media;
  const clip = join(dir, 'clip.mp4');
  await makeClip({ ffmpegPath: 'ffmpeg', file: clip, seconds: 4, width: 320, height: 180 });
  const plane = await openMediaPlane({
    ...{ workerBin, ffmpegPath: 'ffmpeg', workers: 1, listenHost: '127.0.0.1', rtcPort: 0 },
    storageDir: join(dir, 'media'),
    log: (level, message) => tell(`${level}: ${message}`),
  });
  try {
    const [workerPid] = (plane as unknown as { workerPids: number[] }).workerPids;
    for (let index = 0; index < WARM_UP; index += 1) await comeAndGo(plane, `warm-${index}`, index, clip);
    const before = await readHeld(workerPid!, dir);
    for (let index = 0; index < BROADCASTS; index += 1) await comeAndGo(plane, `b-${index}`, index, clip);
    const after = await readHeld(workerPid!, dir);
    for (const key of NOTHING_LEFT) {
      tell(`${key}: ${before[key]} before, ${after[key]} after`);
      if (after[key] > before[key]) throw new Error(`${key}: ${before[key]} before, ${after[key]} after`);
    }
    for (const key of ['heapMb', 'workerMb'] as const)
      if (after[key] > before[key] * (1 + MOST_GROWTH))
        throw new Error(`${key}: ${before[key].toFixed(1)} before, ${after[key].toFixed(1)} after`);
    const row = (what: string, key: 'heapMb' | 'workerMb'): Comparison => ({
      what: `${what} after ${BROADCASTS} broadcasts opened and closed`,
      unit: 'MB',
      hub: after[key],
      bare: [{ what: 'itself, before', value: before[key] }],
    });
    return [row('Memory of the hub', 'heapMb'), row('Memory of the media worker', 'workerMb')];
  } finally {
    await plane.close('the bench is over');
    await rm(dir, { recursive: true, force: true });
  }
};

async function comeAndGo(plane: MediaPlane, id: string, index: number, clip: string): Promise<void> {
  const broadcast = await plane.openBroadcast({ id });
  if (index % LIVE_EVERY === 0) {
    const live = new Promise<void>((resolve) => broadcast.on('live', () => resolve()));
    await broadcast.playClip({ peerId: 'host', file: clip });
    await live;
  }
  for (let viewer = 0; viewer < VIEWERS; viewer += 1) {
    const peerId = `viewer-${viewer}`;
    const { id: transportId } = await broadcast.createTransport({ peerId, direction: 'recv' });
    const rtpCapabilities = broadcast.routerRtpCapabilities as RtpCapabilities;
    await broadcast.consumeAll({ peerId, transportId, rtpCapabilities });
  }
  await broadcast.end('over');
}

async function readHeld(workerPid: number, dir: string): Promise<Held> {
  // What was closed a moment ago is let go of in the turns that follow.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let round = 0; round < 3; round += 1) collect();
  const { heapUsed, external } = process.memoryUsage();
  return {
    heapMb: (heapUsed + external) / 2 ** 20,
    workerMb: Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${workerPid}/status`, 'utf8'))![1]) / 1024,
    resources: process.getActiveResourcesInfo().length,
    processes: childrenOf(process.pid),
    files: readdirSync('/proc/self/fd').length,
    workerFiles: readdirSync(`/proc/${workerPid}/fd`).length,
    strayFiles: readdirSync(dir, { recursive: true, withFileTypes: true }).filter(isStray).length,
  };
}

/** Processes that still stand in the table, those that nobody has asked how they ended included. */
function childrenOf(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
  ).length;
}

/** Neither a segment, nor an init, nor a picture of a recording. */
function isStray(entry: Dirent): boolean {
  return entry.isFile() && !/\.(m4s|mp4|jpg)$/.test(entry.name);
}
