import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nextEvent, openTestMedia, wait } from '../support/open-media.ts';
import { joinEpoch } from '../support/probe-media.ts';

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

test('sound and picture stay together in the recording', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'xiangbo-sync-'));
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
  const media = await openTestMedia();
  const broadcast = await media.plane.openBroadcast({ id: 'sync' });
  const live = nextEvent(broadcast, 'live');
  await broadcast.playClip({ peerId: 'clip', file: clip });
  await live;
  await wait(8000);
  const recording = await broadcast.end('over');
  const film = joinEpoch(media.storageDir, recording, 0);
  const [seen, heard] = [flashes(film), beeps(film)];
  expect(seen.length).toBeGreaterThan(5);
  const offsetsMs = seen.map((at) => {
    const nearest = heard.reduce((best, beep) => (Math.abs(beep - at) < Math.abs(best - at) ? beep : best));
    return Math.round((nearest - at) * 1000);
  });
  console.info(`sound after picture, ms: ${offsetsMs.join(' ')}`);
  for (const offset of offsetsMs.slice(1)) expect(Math.abs(offset)).toBeLessThan(80);
  await media.close();
  await rm(directory, { recursive: true, force: true });
});
