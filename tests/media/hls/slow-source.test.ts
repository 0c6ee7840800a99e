import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { nextEvent, openTestMedia, type TestMedia } from '../../support/open-media.ts';
import { checkPlaylist } from './strict-playlist.ts';

let media: TestMedia | null = null;
afterEach(() => media?.close());

test('a source of five pictures a second gets a PART-TARGET that fits, and no playlist breaks it', async () => {
  media = await openTestMedia();
  const file = join(media.storageDir, 'slow.mp4');
  execFileSync('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=5:duration=6'],
    ...['-f', 'lavfi', '-i', 'sine=sample_rate=48000:duration=6', '-c:v', 'libx264', '-preset', 'ultrafast'],
    ...['-profile:v', 'baseline', '-pix_fmt', 'yuv420p', '-g', '10', '-bf', '0', '-c:a', 'aac', file],
  ]);
  const broadcast = await media.plane.openBroadcast({ id: 'slow' });
  const targets = new Set<number>();
  const faults: unknown[] = [];
  const read = async (check: (body: string) => void) => {
    const answer = await broadcast.hls.awaitPlaylist();
    if (answer.kind === 'playlist') check(answer.body);
  };
  broadcast.on('partDurable', () => {
    read((body) => {
      const target = Number(/PART-TARGET=([\d.]+)/.exec(body)?.[1]);
      const parts = [...body.matchAll(/#EXT-X-PART:DURATION=([\d.]+)/g)].map(([, seconds]) =>
        Number(seconds),
      );
      if (parts.length > 0) targets.add(target);
      if (parts.some((seconds) => seconds > target)) faults.push(body);
    }).catch((error: unknown) => faults.push(error));
  });
  // By then the last part of the segment, which may be short, is known for what it is.
  broadcast.on('segmentClosed', () => void read(checkPlaylist).catch((error: unknown) => faults.push(error)));
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
