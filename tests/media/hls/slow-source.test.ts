import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { nextEvent, openTestMedia, type TestMedia } from '../../support/open-media.ts';
import { checkPlaylist } from './strict-playlist.ts';

let media: TestMedia | null = null;
afterEach(() => media?.close());

function makeFilm(file: string, picture: string, pictures: number): void {
  execFileSync('ffmpeg', [
    ...[
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      picture,
      '-f',
      'lavfi',
      '-i',
      'sine=sample_rate=48000:duration=6',
    ],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-profile:v', 'baseline', '-pix_fmt', 'yuv420p'],
    ...['-fps_mode', 'passthrough', '-g', String(pictures), '-bf', '0', '-c:a', 'aac', file],
  ]);
}

interface ToldPart {
  name: string;
  seconds: number;
}
const partsIn = (body: string): ToldPart[] =>
  [...body.matchAll(/#EXT-X-PART:DURATION=([\d.]+),URI="([^"]+)"/g)].map(([, seconds, name]) => ({
    name: name!,
    seconds: Number(seconds),
  }));

test('a camera that pauses for a quarter of a second holds up no viewer and begins no epoch', async () => {
  media = await openTestMedia();
  const file = join(media.storageDir, 'pause.mp4');
  makeFilm(file, 'testsrc=size=320x180:rate=30:duration=6,setpts=PTS+gte(N\\,75)*0.25/TB', 60);
  const broadcast = await media.plane.openBroadcast({ id: 'pause' });
  const told: ToldPart[] = [];
  const missing: unknown[] = [];
  broadcast.on('partDurable', ({ durationMs }) => {
    broadcast.hls.awaitPlaylist().then(
      (answer) => {
        const last = answer.kind === 'playlist' ? partsIn(answer.body).at(-1) : undefined;
        if (last && Math.abs(last.seconds * 1000 - durationMs) < 1) told.push(last);
        else missing.push({ durationMs, last });
      },
      (error: unknown) => missing.push(error),
    );
  });
  await broadcast.playClip({ peerId: 'pause', file });
  for (const sequence of [0, 1, 2])
    await nextEvent(broadcast, 'segmentClosed', { where: (closed) => closed.sequence >= sequence });
  await broadcast.end('over');
  expect(missing).toEqual([]);
  expect(told.filter(({ seconds }) => seconds > 0.4).length).toBe(1);
  expect(told.every(({ name }) => name.startsWith('part-0-'))).toBe(true);
});

test('a source of five pictures a second gets a PART-TARGET that fits, and no later playlist breaks it', async () => {
  media = await openTestMedia();
  const file = join(media.storageDir, 'slow.mp4');
  makeFilm(file, 'testsrc=size=320x180:rate=5:duration=6', 10);
  const broadcast = await media.plane.openBroadcast({ id: 'slow' });
  const targets = new Set<number>();
  const faults: unknown[] = [];
  let before: ToldPart[] = [];
  const read = async (check: (body: string) => void) => {
    const answer = await broadcast.hls.awaitPlaylist();
    if (answer.kind === 'playlist') check(answer.body);
  };
  broadcast.on('partDurable', () => {
    read((body) => {
      const target = Number(/PART-TARGET=([\d.]+)/.exec(body)?.[1]);
      const parts = partsIn(body);
      // What was made before anybody knew how slow it is was told as it came, and only the oldest go.
      const kept = before.slice(
        Math.max(
          0,
          before.findIndex(({ name }) => name === parts[0]?.name),
        ),
      );
      if (kept.some(({ name }, at) => parts[at]?.name !== name)) faults.push(body);
      before = parts;
      const own = parts.filter(({ name }) => !name.startsWith('part-0-'));
      if (own.length > 0) targets.add(target);
      if (own.some(({ seconds }) => seconds > target)) faults.push(body);
    }).catch((error: unknown) => faults.push(error));
  });
  // By then the last part of the segment, which may be short, is known for what it is.
  broadcast.on('segmentClosed', ({ initIndex }) => {
    if (initIndex > 0) read(checkPlaylist).catch((error: unknown) => faults.push(error));
  });
  const slower = nextEvent(broadcast, 'initWritten', {
    where: ({ initIndex }) => initIndex === 1,
    withinMs: 20_000,
  });
  await broadcast.playClip({ peerId: 'slow', file });
  await slower;
  for (const sequence of [2, 3])
    await nextEvent(broadcast, 'segmentClosed', { where: (closed) => closed.sequence >= sequence });
  await broadcast.end('over');
  expect(faults).toEqual([]);
  const [target, ...others] = targets;
  expect(others).toEqual([]);
  expect(target).toBeGreaterThanOrEqual(0.4);
  expect(target).toBeLessThan(0.47);
});
