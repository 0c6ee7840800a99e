import { execFileSync, spawnSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Recording } from '../../media/contract.ts';
import { makeClip } from '../../media/ingest/make-clip.ts';
import { openDownload, type Mp4Download } from '../../media/recording/download.ts';
import { segmentsWithin } from '../../media/recording/span.ts';
import { launchChromium } from '../support/chromium.ts';
import { probeEpoch } from '../support/probe-media.ts';
import { nextEvent, openTestMedia, testClip, type TestMedia } from '../support/open-media.ts';

let media: TestMedia;
/** Two epochs of different size with a gap between them. */
let recording: Recording;

beforeAll(async () => {
  media = await openTestMedia();
  const small = join(media.storageDir, 'small.mp4');
  await makeClip({ ffmpegPath: 'ffmpeg', file: small, seconds: 4, width: 320, height: 240 });
  const broadcast = await media.plane.openBroadcast({ id: 'b1' });
  const first = await broadcast.playClip({ peerId: 'one', file: await testClip() });
  await nextEvent(broadcast, 'segmentClosed', { where: ({ sequence }) => sequence === 1 });
  await first.close('another');
  await broadcast.playClip({ peerId: 'two', file: small });
  await nextEvent(broadcast, 'segmentClosed', { where: ({ discontinuitySequence: d }) => d > 0 });
  await nextEvent(broadcast, 'segmentClosed');
  recording = await broadcast.end('over');
});
afterAll(() => media.close());

async function save(download: Mp4Download): Promise<string> {
  const file = join(media.storageDir, 'download.mp4');
  await pipeline(download.read(), createWriteStream(file));
  expect((await stat(file)).size).toBe(download.byteLength);
  return file;
}

const entries = 'format=duration:stream=codec_type,codec_tag_string,start_time,duration,nb_read_frames';
function probe(file: string) {
  const out = execFileSync('ffprobe', [
    ...['-v', 'error', '-count_frames', '-of', 'json', '-show_entries', entries, file],
  ]).toString();
  return JSON.parse(out) as { format: { duration: string }; streams: Record<string, string>[] };
}
function complaints(file: string): string {
  const args = [
    '-v',
    'warning',
    '-i',
    file,
    '-fps_mode',
    'passthrough',
    '-enc_time_base',
    '-1',
    '-f',
    'null',
    '-',
  ];
  return spawnSync('ffmpeg', args).stderr.toString();
}
/** All pictures of all epochs, decoded one epoch after the other. */
function recordedPictures(): number {
  return recording.inits
    .map(({ initIndex }) => probeEpoch(media.storageDir, recording, initIndex))
    .reduce((sum, tracks) => sum + (tracks.find(({ codec }) => codec === 'h264')?.frames ?? 0), 0);
}

/** Plays an MP4 in Chromium to its end, then looks near its beginning and near its end. */
async function playInBrowser(bytes: Buffer) {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.setContent('<video muted></video>');
    return await page.evaluate(async (base64) => {
      const content = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
      const video = document.querySelector('video')!;
      const sizes: string[] = [];
      const until = (name: string) =>
        new Promise<void>((resolve) => {
          video.addEventListener(name, () => resolve(), { once: true });
          video.addEventListener('error', () => resolve(), { once: true });
        });
      video.addEventListener('resize', () => sizes.push(`${video.videoWidth}x${video.videoHeight}`));
      const ended = until('ended');
      video.src = URL.createObjectURL(new Blob([content], { type: 'video/mp4' }));
      video.playbackRate = 2;
      await video.play();
      await ended;
      const secondsShort = video.duration - video.currentTime;
      const frames = video.getVideoPlaybackQuality().totalVideoFrames;
      for (const seconds of [1, video.duration - 1]) {
        const sought = until('seeked');
        video.currentTime = seconds;
        await sought;
      }
      return { secondsShort, frames, sizes, fault: video.error?.message ?? null };
    }, bytes.toString('base64'));
  } finally {
    await browser.close();
  }
}
const lengthOf = ({ segments }: Recording) => segments.reduce((sum, { durationMs }) => sum + durationMs, 0);

test('the whole recording is one file that is as long, decodes and keeps sound and picture together', async () => {
  expect(new Set(recording.inits.map(({ width }) => width)).size).toBe(2);
  const download = await openDownload(media.storageDir, recording);
  const file = await save(download);
  expect(download.durationMs).toBe(lengthOf(recording));
  const { format, streams } = probe(file);
  expect(Math.abs(Number(format.duration) - download.durationMs / 1000)).toBeLessThan(0.1);
  expect(streams.map(({ codec_type }) => codec_type)).toEqual(['video', 'audio']);
  for (const stream of streams) {
    expect(Number(stream.start_time)).toBeLessThan(0.03);
    expect(Math.abs(Number(stream.duration) - download.durationMs / 1000)).toBeLessThan(0.1);
  }
  expect(Number(streams[0]!.nb_read_frames)).toBe(recordedPictures());
  expect(complaints(file)).toBe('');
});

test('a browser plays it through the change of size, and finds its way there and back', async () => {
  const bytes = await buffer((await openDownload(media.storageDir, recording)).read());
  const played = await playInBrowser(bytes);
  expect(played.fault).toBeNull();
  expect(played.secondsShort).toBeLessThan(0.05);
  // Before the first picture it goes by one of the sample entries.
  expect(played.sizes.slice(-4)).toEqual(['640x360', '320x240', '640x360', '320x240']);
  expect(played.frames).toBe(recordedPictures());
}, 60_000);

test('nothing is put between the pictures of a recording of one size', async () => {
  const initIndex = recording.segments[0]!.initIndex;
  const segments = recording.segments.filter((segment) => segment.initIndex === initIndex);
  const download = await openDownload(media.storageDir, { inits: recording.inits, segments });
  const stored = segments.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const data = await buffer(
    download.read({ start: download.byteLength - stored, end: download.byteLength - 1 }),
  );
  const first = await readFile(join(media.storageDir, segments[0]!.file));
  expect(data.subarray(0, first.length).equals(first)).toBe(true);
  expect(probe(await save(download)).streams[0]!.codec_tag_string).toBe('avc1');
});

test('a span is cut exactly, at both ends, and any range of the file can be had', async () => {
  const span = { startMs: 1300, endMs: lengthOf(recording) - 700 };
  const download = await openDownload(media.storageDir, recording, span);
  const file = await save(download);
  const { format, streams } = probe(file);
  expect(Math.abs(Number(format.duration) - (span.endMs - span.startMs) / 1000)).toBeLessThan(0.1);
  for (const stream of streams)
    expect(Math.abs(Number(stream.duration) - (span.endMs - span.startMs) / 1000)).toBeLessThan(0.1);
  const whole = await buffer(download.read());
  for (const [start, end] of [
    [0, 99],
    [50_000, 400_000],
    [download.byteLength - 5, download.byteLength - 1],
  ] as const)
    expect((await buffer(download.read({ start, end }))).equals(whole.subarray(start, end + 1))).toBe(true);
});

test('a span takes every segment that it touches, and nothing where nothing is', async () => {
  const two = recording.segments.slice(0, 2).map((segment) => ({ ...segment, durationMs: 2000 }));
  expect(segmentsWithin(two, { startMs: 2000, endMs: 2001 })).toEqual({ segments: [two[1]], firstMs: 2000 });
  expect(segmentsWithin(two, { startMs: 1999, endMs: 2000 })).toEqual({ segments: [two[0]], firstMs: 0 });
  expect(segmentsWithin(two, undefined).segments).toEqual(two);
  await expect(openDownload(media.storageDir, recording, { startMs: 1e9, endMs: 2e9 })).rejects.toThrow(
    RangeError,
  );
});
