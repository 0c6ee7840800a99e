import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openVideoQueue } from '../../server/videos/queue.ts';
import { videoFiles, type VideoFiles } from '../../server/videos/files.ts';
import { findVideo, insertVideo, type VideoRow } from '../../server/videos/store.ts';
import { systemClock } from '../../server/platform/clock.ts';
import { openDatabase, type Database } from '../../server/platform/database/open.ts';
import { openLog } from '../../server/platform/log.ts';
import { eventually } from '../support/live-hub.ts';
import { makeVideo } from '../support/video-files.ts';

let dir: string;
let db: Database;
let files: VideoFiles;
let machine: { live: boolean; freeShare: number };

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'xiangbo-queue-'));
  db = await openDatabase(`file:${join(dir, 'hub.db')}`);
  files = videoFiles(join(dir, 'media'));
  machine = { live: false, freeShare: 1 };
});
afterEach(async () => {
  await db.close();
  await rm(dir, { recursive: true, force: true });
});

const openQueue = () =>
  openVideoQueue({
    ...{ db, files, clock: systemClock, log: openLog('error'), ffmpegPath: 'ffmpeg' },
    isAnythingLive: () => machine.live,
    freeShare: () => machine.freeShare,
  });

async function uploaded(id: string, seconds: number, changes: Partial<VideoRow> = {}): Promise<void> {
  const made = await makeVideo(join(dir, `${id}.mp4`), { seconds, codec: 'mpeg4', size: '426x240' });
  await mkdir(join(dir, 'media', 'videos', id), { recursive: true });
  await rename(made, files.source(id));
  await insertVideo(db, {
    ...{ id, title: id, state: 'uploaded', visibility: 'public', regionCode: '533103', ownerAccountId: 'x' },
    ...{ createdAt: '', changedAt: '', byteLength: 1, priority: 0, progress: 0, reason: null, facts: null },
    ...changes,
  });
}

/** The state letters of the transcoding processes of this test, as the kernel tells them: `T` is stopped. */
function processStates(): string[] {
  const listed = execFileSync('ps', ['-eo', 'stat=,ni=,args=']).toString().split('\n');
  return listed
    .filter((line) => line.includes(`${dir}/media`) && line.includes('ffmpeg '))
    .map((line) => line.trim());
}
const stateOf = async (id: string) => (await findVideo(db, id))?.state;

it('stands still while someone is live and the machine is short, and goes on', async () => {
  await uploaded('one', 8);
  machine = { live: true, freeShare: 0.1 };
  const queue = openQueue();
  await queue.start();
  try {
    await eventually(processStates, (lines) => lines.some((line) => line.startsWith('T')), 20_000);
    expect(queue.isWaitingForLive('one')).toBe(true);
    expect(await stateOf('one')).toBe('transcoding');
    machine.live = false;
    await eventually(
      () => stateOf('one'),
      (state) => state === 'ready',
      60_000,
    );
    expect(queue.isWaitingForLive('one')).toBe(false);
  } finally {
    await queue.close();
  }
}, 90_000);

it('leaves no process and no half output when it is closed over a stopped one, and begins again', async () => {
  await uploaded('one', 8);
  machine = { live: true, freeShare: 0.1 };
  const queue = openQueue();
  await queue.start();
  await eventually(processStates, (lines) => lines.some((line) => line.startsWith('T')), 20_000);
  await queue.close();
  expect(processStates()).toEqual([]);
  expect(await readdir(join(dir, 'media', 'videos', 'one'))).toEqual(['source']);
  machine.live = false;
  const next = openQueue();
  await next.start();
  try {
    await eventually(
      () => stateOf('one'),
      (state) => state === 'ready',
      60_000,
    );
  } finally {
    await next.close();
  }
}, 90_000);

it('takes the greater priority first', async () => {
  const facts = { durationMs: 1000, width: 320, height: 240, videoCodec: 'mpeg4', audioCodec: 'aac' };
  const queued = { state: 'queued', facts: { ...facts, frameRate: '25/1', copyable: false } } as const;
  await uploaded('a', 1, queued);
  await uploaded('b', 1, { ...queued, priority: 1 });
  const queue = openQueue();
  await queue.start();
  try {
    await eventually(
      () => stateOf('b'),
      (state) => state === 'ready',
      30_000,
    );
    expect(await stateOf('a')).not.toBe('ready');
    await eventually(
      () => stateOf('a'),
      (state) => state === 'ready',
      30_000,
    );
  } finally {
    await queue.close();
  }
}, 60_000);
