import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { inspectVideo } from '../../../media/vod/inspect.ts';
import { transcodeVideo } from '../../../media/vod/transcode.ts';

const SECONDS = 60;
const MOST_BYTES_AN_HOUR = 16_000_000;

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'xiangbo-sound-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** A minute that is dear to encode: a voice's pitches with breath between, and a picture of a few hundred pixels. */
async function makeLesson(file: string): Promise<void> {
  const voice =
    "aevalsrc='0.4*sin(2*PI*(140+60*sin(5*t))*t)*(1+sin(2*PI*3*t))/2+0.2*sin(2*PI*2200*t)+0.15*(random(0)-0.5)'";
  await promisify(execFile)('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', `testsrc=s=64x48:r=5:d=${SECONDS}`],
    ...['-f', 'lavfi', '-i', `${voice}:s=48000:d=${SECONDS}`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-profile:v', 'main', '-pix_fmt', 'yuv420p', '-g', '20'],
    ...['-c:a', 'aac', '-b:a', '128k', '-ac', '2', '-f', 'mp4', file],
  ]);
}

it('costs under 16 MB an hour as sound alone, its playlist and index included', async () => {
  const file = join(dir, 'lesson.mp4');
  await makeLesson(file);
  const found = await inspectVideo({ ffmpegPath: 'ffmpeg', file, signal: new AbortController().signal });
  if (!found.ok) throw new Error(found.detail);
  const folder = join(dir, 'hls');
  await transcodeVideo({
    ...{ ffmpegPath: 'ffmpeg', file, facts: found.facts, folder },
    onProgress: () => undefined,
  }).done;
  const names = (await readdir(folder)).filter((name) => name.startsWith('audio'));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  const bytesAnHour = (sizes.reduce((sum, size) => sum + size, 0) * 3600) / SECONDS;
  expect(names.length).toBeGreaterThan(SECONDS / 5);
  // An encoder that made silence of it would cost nothing.
  expect(bytesAnHour).toBeGreaterThan(MOST_BYTES_AN_HOUR / 2);
  expect(bytesAnHour).toBeLessThan(MOST_BYTES_AN_HOUR);
}, 60_000);
