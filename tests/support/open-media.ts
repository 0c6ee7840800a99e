import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll } from 'vitest';
import type { BroadcastEvents, BroadcastMedia, MediaOptions, MediaPlane } from '../../media/contract.ts';
import { makeClip } from '../../media/ingest/make-clip.ts';
import { openMediaPlane } from '../../media/plane.ts';
import { decideConfig } from '../../server/platform/config.ts';
import { readEnvironment } from '../../server/platform/env.ts';

export interface TestMedia {
  plane: MediaPlane;
  storageDir: string;
  /** What the plane reported through its log; a test that expects something looks here. */
  logged: string[];
  /** Closes the plane, removes its directory and fails if a process is left. */
  close(): Promise<void>;
}

export function workerBinary(): string {
  return decideConfig(readEnvironment({ DATA_DIR: '/nonexistent' }), { demo: false }).media.workerBin;
}

/** A media plane of its own on free ports, one worker, everything real. */
export async function openTestMedia(options: Partial<MediaOptions> = {}): Promise<TestMedia> {
  const storageDir = options.storageDir ?? (await mkdtemp(join(tmpdir(), 'xiangbo-media-')));
  const before = new Set(childProcesses());
  const logged: string[] = [];
  const plane = await openMediaPlane({
    workerBin: workerBinary(),
    ffmpegPath: 'ffmpeg',
    workers: 1,
    listenHost: '127.0.0.1',
    rtcPort: 0,
    log: (level, message, fields) => logged.push(`${level}: ${message} ${JSON.stringify(fields ?? {})}`),
    ...options,
    storageDir,
  });
  return {
    plane,
    storageDir,
    logged,
    async close() {
      await plane.close('the test is over');
      if (!options.storageDir) await rm(storageDir, { recursive: true, force: true });
      await untilNoneIsLeft(before);
    },
  };
}

/** On a busy machine the kernel takes a moment to clear a killed process away. */
async function untilNoneIsLeft(before: ReadonlySet<string>): Promise<void> {
  const giveUpAt = Date.now() + 3_000;
  for (;;) {
    const left = childProcesses().filter((line) => !before.has(line));
    if (left.length === 0) return;
    if (Date.now() > giveUpAt) throw new Error(`processes are left:\n${left.join('\n')}`);
    await delay(50);
  }
}

/** Our own worker and ffmpeg processes, `pid arguments` a line, in the order they were started: pids begin anew at some point. */
export function childProcesses(): string[] {
  const columns = ['-o', 'pid=,stat=,args=', '--sort=start_time'];
  const listing = execFileSync('ps', [...columns, '--ppid', String(process.pid)]).toString();
  return listing.split('\n').filter((line) => /ffmpeg|mediasoup-worker/.test(line) && !/ Z/.test(line));
}

export function childPids(program: RegExp): number[] {
  return childProcesses()
    .filter((line) => program.test(line))
    .map((line) => Number.parseInt(line, 10));
}

let clip: Promise<string> | null = null;
let clipFolder: string | null = null;

afterAll(async () => {
  if (clipFolder) await rm(clipFolder, { recursive: true, force: true });
});

/** A six-second clip, made once a test file. */
export function testClip(): Promise<string> {
  clip ??= (async () => {
    const folder = await mkdtemp(join(tmpdir(), 'xiangbo-clip-'));
    clipFolder = folder;
    const file = join(folder, 'clip.mp4');
    await makeClip({ ffmpegPath: 'ffmpeg', file, seconds: 6 });
    return file;
  })();
  return clip;
}

/** Resolves with the next such event; rejects after the time. */
export function nextEvent<K extends keyof BroadcastEvents>(
  broadcast: BroadcastMedia,
  event: K,
  {
    withinMs = 10_000,
    where = () => true,
  }: { withinMs?: number; where?: (payload: BroadcastEvents[K]) => boolean } = {},
): Promise<BroadcastEvents[K]> {
  return new Promise((resolve, reject) => {
    const off = broadcast.on(event, (payload) => {
      if (!where(payload)) return;
      clearTimeout(timer);
      off();
      resolve(payload);
    });
    const timer = setTimeout(() => {
      off();
      reject(new Error(`no ${event} within ${withinMs} ms`));
    }, withinMs);
  });
}

export const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
