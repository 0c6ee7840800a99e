import { execFile } from 'node:child_process';
import { open, readFile, truncate, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** An MP4 of ffmpeg's own pictures and sound, its index in front. `codec` mpeg4 must be encoded anew for HLS. */
export async function makeVideo(
  file: string,
  wanted: {
    seconds?: number;
    size?: string;
    codec?: 'libx264' | 'mpeg4';
    sound?: boolean;
    keyframes?: number;
  } = {},
): Promise<string> {
  const { seconds = 4, size = '640x480', codec = 'libx264', sound = true, keyframes = 50 } = wanted;
  await run('ffmpeg', [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', `testsrc=size=${size}:rate=25:duration=${seconds}`],
    ...(sound ? ['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=44100:duration=${seconds}`] : []),
    ...['-c:v', codec, '-pix_fmt', 'yuv420p', '-g', String(keyframes)],
    ...(codec === 'libx264' ? ['-preset', 'ultrafast', '-profile:v', 'main'] : []),
    ...['-c:a', 'aac', '-movflags', '+faststart', '-f', 'mp4', file],
  ]);
  return file;
}

/** Cuts a file to a share of its length. */
export async function cutOff(file: string, share: number): Promise<string> {
  const { length } = await readFile(file);
  await truncate(file, Math.floor(length * share));
  return file;
}

/** Overwrites a stretch of a file, given as shares of its length, with nonsense. */
export async function spoil(file: string, from: number, to: number): Promise<string> {
  const { length } = await readFile(file);
  const handle = await open(file, 'r+');
  try {
    const nonsense = Buffer.alloc(Math.floor(length * (to - from)), 0x5a);
    await handle.write(nonsense, 0, nonsense.length, Math.floor(length * from));
  } finally {
    await handle.close();
  }
  return file;
}

/** A document under the name of a video. */
export async function makeRenamedText(file: string): Promise<string> {
  await writeFile(file, '这不是视频。This is no video.\n'.repeat(2000));
  return file;
}
