import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keyframeStream } from '../../media/thumbnails/keyframe.ts';
import { Thumbnailer } from '../../media/thumbnails/thumbnailer.ts';
import { childPids, nextEvent, openTestMedia, testClip, type TestMedia } from '../support/open-media.ts';

let media: TestMedia;
beforeEach(async () => {
  media = await openTestMedia();
});
afterEach(() => media.close());

function sizeOf(jpeg: Buffer): string {
  const show = ['-v', 'error', '-show_entries', 'stream=codec_name,width,height', '-of', 'csv=p=0', '-'];
  return execFileSync('ffprobe', show, { input: jpeg }).toString().trim();
}

test('a broadcast has a picture from its first keyframe on, and no process once none is live', async () => {
  const broadcast = await media.plane.openBroadcast({ id: 'b1' });
  expect(await media.plane.readPicture('b1', 'latest')).toBeNull();
  await broadcast.playClip({ peerId: 'clip', file: await testClip() });
  await nextEvent(broadcast, 'pictureTaken');
  const first = (await media.plane.readPicture('b1', 'latest'))!;
  expect(sizeOf(first.bytes)).toMatch(/^mjpeg,480,\d+$/);
  const poster = (await media.plane.readPicture('b1', 'poster'))!;
  expect(poster.bytes.equals(first.bytes)).toBe(true);
  await nextEvent(broadcast, 'pictureTaken');
  const second = (await media.plane.readPicture('b1', 'latest'))!;
  expect(second.takenAtMs - first.takenAtMs).toBeGreaterThan(4_000);
  const better = (await media.plane.readPicture('b1', 'poster'))!;
  expect(better.bytes.length).toBe(Math.max(first.bytes.length, second.bytes.length));
  expect(childPids(/image2pipe/)).toHaveLength(1);
  const recording = await broadcast.end('over');

  // What it cannot make a picture of costs that one, and the next is made again.
  const [init, segment] = await Promise.all(
    [recording.inits[0]!, recording.segments[0]!].map(({ file }) => readFile(join(media.storageDir, file))),
  );
  const stream = keyframeStream(init!, segment!)!;
  const thumbnailer = new Thumbnailer('ffmpeg');
  const broken = thumbnailer.picture(Buffer.concat([stream.subarray(0, 20), Buffer.alloc(500, 7)]));
  const good = thumbnailer.picture(stream);
  expect(await broken).toBeNull();
  expect(sizeOf((await good)!)).toMatch(/^mjpeg,480,\d+$/);
  await thumbnailer.close();
  expect(await thumbnailer.picture(stream)).toBeNull();
});

test('a part that begins without a keyframe, or is none, gives no picture', async () => {
  expect(keyframeStream(Buffer.alloc(0), Buffer.alloc(0))).toBeNull();
  expect(keyframeStream(Buffer.from('nonsense'), Buffer.from('more of it'))).toBeNull();
});

test('a picture whose last bytes come one by one is there at once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'xiangbo-thumbnailer-'));
  const slow = join(folder, 'byte-by-byte');
  // Two pictures for two streams: the second shows that nothing of the first is left.
  const drip = 'head -c 4 > /dev/null; printf JPEG; sleep 0.1; printf "\\377"; sleep 0.1; printf "\\331";';
  await writeFile(slow, `#!/bin/sh\n${drip}\n${drip}\ncat > /dev/null\n`);
  await chmod(slow, 0o755);
  const thumbnailer = new Thumbnailer(slow);
  try {
    const pictures = [thumbnailer.picture(Buffer.from('one.')), thumbnailer.picture(Buffer.from('two.'))];
    for (const made of await Promise.all(pictures)) expect(made?.toString('latin1')).toBe('JPEG\xff\xd9');
  } finally {
    await thumbnailer.close();
    await rm(folder, { recursive: true, force: true });
  }
});
