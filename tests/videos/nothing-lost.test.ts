import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openLessonRoom } from '../support/lesson-room.ts';
import { countPictures } from '../support/probe-media.ts';
import { makeVideo } from '../support/video-files.ts';

const CHILD = fileURLToPath(new URL('../support/take-one-lesson.ts', import.meta.url));
const SECONDS = 2;

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xiangbo-lost-'));
  file = await makeVideo(join(folder, 'lesson.mp4'), { seconds: SECONDS, size: '160x120', sound: false });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Takes the lesson in a process of its own, which dies before a step that fits `pattern`. The steps it took. */
function takeLesson(pattern?: string): Promise<{ steps: string[]; killed: boolean }> {
  const args = [CHILD, folder, file, ...(pattern === undefined ? [] : [pattern])];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { timeout: 60_000 }, (error, stdout, stderr) => {
      if (error && error.signal !== 'SIGKILL') return reject(new Error(stderr, { cause: error }));
      resolve({ steps: stdout.trim().split('\n'), killed: error !== null });
    });
  });
}

it('puts each file on the disk itself before what tells of it, and that before its source goes', async () => {
  const { steps } = await takeLesson();
  const at = (pattern: RegExp) => steps.findIndex((step) => pattern.test(step));
  const order = (...patterns: RegExp[]) => {
    const places = patterns.map(at);
    expect(places, steps.join('\n')).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  };
  const video = String.raw`\/media\/videos\/[^/]+`;
  order(
    /^sync \/media\/uploads\/[^/]+$/,
    /^rename \/media\/uploads\/.+\/source$/,
    new RegExp(`^sync ${video}$`),
    /^row uploaded$/,
  );
  const renamed = at(/^rename .+\/hls\.part /);
  const synced = steps
    .slice(0, renamed)
    .filter((step) => step.startsWith('sync') && step.includes('hls.part'));
  const [id = ''] = await readdir(join(folder, 'media', 'videos'));
  const kept = await readdir(join(folder, 'media', 'videos', id, 'hls'));
  expect(kept.length).toBeGreaterThan(4);
  expect(synced.map((step) => step.split('/').at(-1)).sort()).toEqual([...kept, 'hls.part'].sort());
  const afterwards = steps.slice(renamed);
  expect(afterwards[1]).toMatch(new RegExp(`^sync ${video}$`));
  expect(afterwards[2]).toBe('row ready');
  expect(afterwards[3]).toMatch(new RegExp(`^remove ${video}\\/source$`));
  order(/^sync .+\.vtt\.part$/, /^rename .+\.vtt$/);
  expect(steps.at(-1)).toMatch(/^sync .+\/subtitles$/);
}, 60_000);

it('is whole in the end though it is killed at every step', async () => {
  const { size } = await stat(file);
  for (const pattern of [
    '^row uploading',
    '^rename .+/source$',
    '^remove .+\\.json$',
    '^row queued',
    '^rename .+/hls\\.part ',
    // Of the lesson's own folder: the renditions have their name, the row does not say so.
    '^sync /media/videos/[^/]+$',
    '^remove .+/source$',
    '^rename .+\\.vtt$',
  ]) {
    const { killed, steps } = await takeLesson(pattern);
    expect(killed, `before ${pattern}: ${steps.join('\n')}`).toBe(true);
  }
  await takeLesson();
  const room = await openLessonRoom(folder);
  try {
    const [row, ...others] = await room.rows();
    expect(others).toEqual([]);
    expect(row).toMatchObject({ state: 'ready', byteLength: size });
    const stored = join(folder, 'media', 'videos', row!.id);
    expect((await readdir(stored)).sort()).toEqual(['hls', 'subtitles']);
    expect(await readdir(join(folder, 'media', 'uploads'))).toEqual([]);
    expect(countPictures(join(stored, 'hls', 'source.m3u8'))).toBe(SECONDS * 25);
  } finally {
    await room.close();
  }
}, 90_000);
