import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, symlink, unlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HubError } from '../../server/platform/errors.ts';
import { deleteVideoRow } from '../../server/videos/store.ts';
import { openLessonRoom, TRAINER } from '../support/lesson-room.ts';

const HOUR_MS = 3_600_000;
const CONTENT = randomBytes(300_000);

let folder: string;
let nowMs: number;
let room: Awaited<ReturnType<typeof openLessonRoom>>;

const openRoom = () => openLessonRoom(folder, { clock: { now: () => nowMs } });
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xiangbo-uploads-'));
  nowMs = Date.now();
  room = await openRoom();
});
afterEach(async () => {
  await room.close();
  await rm(folder, { recursive: true, force: true });
});

const fileOf = (id: string) => join(folder, 'media', 'uploads', id);
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof HubError ? error.code : String(error)),
  );

describe('an upload that nobody goes on with', () => {
  it('is kept for 48 hours after its last byte, however long ago it was begun', async () => {
    const id = await room.begin(CONTENT.length);
    await room.send(id, CONTENT, 100_000);
    nowMs += 100 * HOUR_MS;
    const lastByte = new Date(nowMs - 47 * HOUR_MS);
    await utimes(fileOf(id), lastByte, lastByte);
    expect(await room.videos.uploads.sweepExpired()).toBe(0);
    expect(await room.offset(id)).toBe(100_000);
    nowMs += 2 * HOUR_MS;
    expect(await room.videos.uploads.sweepExpired()).toBe(1);
    expect(await codeOf(room.offset(id))).toBe('not-found');
    expect(await readdir(join(folder, 'media', 'uploads'))).toEqual([]);
  });

  it('tells with each piece until when it is kept', async () => {
    const id = await room.begin(CONTENT.length);
    nowMs += 10 * HOUR_MS;
    const response = await room.send(id, CONTENT, 100_000);
    const until = new Date(nowMs + 48 * HOUR_MS).toUTCString();
    expect(response?.headers.get('upload-expires')).toBe(until);
  });
});

it('is swept away where its row is gone and its files are not, and nothing else is', async () => {
  const [kept, gone] = [await room.begin(CONTENT.length), await room.begin(CONTENT.length)];
  await room.send(kept, CONTENT, 1000);
  await deleteVideoRow(room.db, gone);
  await mkdir(join(folder, 'media', 'videos', 'deleted-half', 'hls'), { recursive: true });
  expect(await room.videos.expiryJob.run()).toEqual({ removed: 0, orphans: 2 });
  expect(await readdir(join(folder, 'media', 'videos'))).toEqual([]);
  expect((await readdir(join(folder, 'media', 'uploads'))).sort()).toEqual([kept, `${kept}.json`]);
  expect(await room.offset(kept)).toBe(1000);
});

describe('an upload that is whole', () => {
  it('is told to be so to who did not hear it, and sends nothing again', async () => {
    const id = await room.begin(CONTENT.length);
    await room.send(id, CONTENT);
    expect(await room.offset(id)).toBe(CONTENT.length);
    expect((await room.settled(id))?.state).toBe('refused');
    expect(await room.offset(id)).toBe(CONTENT.length);
  });

  it.each([
    ['the sender asks how far it is', (id: string) => room.offset(id)],
    ['someone says to try again', (id: string) => room.videos.retryVideo(TRAINER, id)],
    ['the daily job comes by', () => room.videos.uploads.sweepExpired()],
    [
      'the hub starts again',
      async () => {
        await room.close();
        room = await openRoom();
      },
    ],
  ])('is taken over though the database failed just then, when %s', async (_, tryAgain) => {
    const id = await room.begin(CONTENT.length);
    const { transaction } = room.db;
    room.db.transaction = () => Promise.reject(new HubError('database.busy'));
    expect(await codeOf(room.send(id, CONTENT))).toBe('database.busy');
    room.db.transaction = transaction;
    expect(await room.row(id)).toMatchObject({ state: 'uploading' });
    nowMs += 100 * HOUR_MS;
    await tryAgain(id);
    expect((await room.settled(id))?.state).toBe('refused');
  });
});

describe('a disk that becomes full', () => {
  it.each([
    [
      'because broadcasts took the room',
      100_000,
      () => void (room.limits.reserveBytes = 1e18),
      () => void (room.limits.reserveBytes = 0),
    ],
    [
      'to the last byte',
      0,
      async (id: string) => {
        await unlink(fileOf(id));
        await symlink('/dev/full', fileOf(id));
      },
      async (id: string) => {
        await unlink(fileOf(id));
        await writeFile(fileOf(id), '');
      },
    ],
  ])('refuses the rest, %s, and goes on when there is room again', async (_, come, fill, clear) => {
    const id = await room.begin(CONTENT.length);
    await room.send(id, CONTENT, come);
    await fill(id);
    expect(await codeOf(room.send(id, CONTENT))).toBe('storage.full');
    await clear(id);
    expect(await room.offset(id)).toBe(come);
    await room.send(id, CONTENT);
    expect(await room.offset(id)).toBe(CONTENT.length);
  });

  it('takes no new upload', async () => {
    room.limits.reserveBytes = 1e18;
    expect(await codeOf(room.begin(10))).toBe('storage.full');
    expect(await room.rows()).toEqual([]);
  });
});

describe('what one account may have begun', () => {
  it('is five uploads, also when it begins them all at once', async () => {
    const asked = await Promise.all(Array.from({ length: 9 }, () => codeOf(room.begin(CONTENT.length))));
    expect(asked.filter((code) => code === 'done')).toHaveLength(5);
    expect(asked.filter((code) => code === 'video.too-many-uploads')).toHaveLength(4);
    const [one] = await room.rows();
    await room.send(one!.id, CONTENT);
    expect(await codeOf(room.begin(CONTENT.length))).toBe('done');
  });

  it('is so many bytes together, and it is told how many are left', async () => {
    room.limits.unfinishedPerAccount.bytes = 5_000_000;
    await room.begin(3_000_000);
    await expect(room.begin(2_000_001)).rejects.toMatchObject({
      code: 'video.too-much-unfinished',
      params: { mostMegabytes: 5, leftMegabytes: 2 },
    });
    expect(await codeOf(room.begin(2_000_000))).toBe('done');
  });
});
