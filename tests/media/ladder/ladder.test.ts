import { execFileSync } from 'node:child_process';
import { readFile, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import * as HLS from 'hls-parser';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { Broadcast } from '../../../media/broadcast.ts';
import type { HlsAnswer, HlsSource, MediaOptions, Recording } from '../../../media/contract.ts';
import { makeClip } from '../../../media/ingest/make-clip.ts';
import { nextEvent, openTestMedia, testClip, wait, type TestMedia } from '../../support/open-media.ts';
import { decodeErrors, probeEpoch } from '../../support/probe-media.ts';
import { checkPlaylist } from '../hls/strict-playlist.ts';

let media: TestMedia;
let clip: string;

beforeAll(async () => {
  clip = await testClip();
});
afterEach(() => media.close());

async function openWith(options: Partial<MediaOptions>): Promise<Broadcast> {
  media = await openTestMedia({ encodingCores: 1, busyCores: () => 0, ...options });
  return (await media.plane.openBroadcast({ id: 'b1' })) as Broadcast;
}

const masterOf = (hls: HlsSource) => textOf(hls.master({ folderUri: 't/' }));

function textOf(answer: HlsAnswer): string {
  if (answer.kind !== 'playlist') throw new Error(`answered ${answer.kind}`);
  return answer.body;
}

async function bytesOf(answer: HlsAnswer): Promise<Buffer> {
  if (answer.kind !== 'media') throw new Error(`answered ${answer.kind}`);
  return answer.body instanceof Readable ? buffer(answer.body) : Buffer.from(answer.body);
}

/** The strict parser counts three target durations to a segment's beginning: not for playlists that have gone on for long. */
function parse(body: string, strictMode = true): HLS.types.MediaPlaylist {
  checkPlaylist(body);
  HLS.setOptions({ strictMode, silent: !strictMode });
  return HLS.parse(body) as HLS.types.MediaPlaylist;
}

/** The smaller pictures of a recording as a recording of their own. */
const lowerOf = ({ lower = { inits: [], segments: [] } }: Recording): Recording => lower;

test('a smaller picture has the segments, parts, times and sound of the source, live and later', async () => {
  const broadcast = await openWith({ renditions: ['480p', '240p'] });
  const { hls } = broadcast;
  await broadcast.playClip({ peerId: 'clip', file: clip });
  await nextEvent(broadcast, 'segmentClosed', {
    where: ({ rendition, sequence }) => rendition === '240p' && sequence === 1,
  });
  // The clip has 360 lines: there is nothing to be made smaller to 480.
  const master = HLS.parse(masterOf(hls)) as HLS.types.MasterPlaylist;
  expect(master.variants.map(({ uri, resolution }) => [uri, resolution?.height])).toEqual([
    ['t/media.m3u8', 360],
    ['t/240p.m3u8', 240],
    ['t/sound.m3u8', undefined],
  ]);
  expect(master.variants[1]!.codecs).toMatch(/^avc1\.42c0[\da-f]{2},mp4a\.40\.2$/);
  expect(master.variants[1]!.bandwidth).toBeLessThan(master.variants[0]!.bandwidth);

  const live = parse(textOf(await hls.awaitPlaylist({ rendition: '240p' })));
  const source = parse(textOf(await hls.awaitPlaylist()));
  expect(live.renditionReports.map(({ uri }) => uri)).toEqual(['media.m3u8', 'sound.m3u8', '480p.m3u8']);
  const [own, its] = [live.segments[0]!, source.segments[0]!];
  expect(own.uri).toBe('240p-segment-0.m4s');
  expect(own.map.uri).toBe('240p-init-0.mp4');
  expect(own.programDateTime).toEqual(its.programDateTime);
  expect(own.parts.map(({ duration }) => duration)).toEqual(its.parts.map(({ duration }) => duration));
  const report = live.renditionReports[0]!;
  const next = await hls.awaitPlaylist({
    rendition: '240p',
    msn: report.lastMSN!,
    part: report.lastPart + 1,
  });
  expect(parse(textOf(next)).segments.length).toBeGreaterThanOrEqual(live.segments.length);
  const part = await bytesOf(await hls.resource(own.parts[1]!.uri));
  expect(part.length).toBeGreaterThan(500);

  expect((await broadcast.health()).refusedRenditions).toEqual([]);
  const recording = await broadcast.end('over');
  const lower = lowerOf(recording);
  const facts = ({ segments }: Recording) =>
    segments.map(({ sequence, durationMs, programDateTime, initIndex, keyframeAligned }) => ({
      ...{ sequence, durationMs, programDateTime, initIndex, keyframeAligned },
    }));
  expect(facts(lower)).toEqual(facts(recording));
  for (const { file, byteLength } of lower.segments)
    expect((await stat(join(media.storageDir, file))).size).toBe(byteLength);
  expect(decodeErrors(media.storageDir, lower, 0)).toBe('');
  const [small, large] = [lower, recording].map((one) => probeEpoch(media.storageDir, one, 0));
  expect(small!.map(({ codec, frames }) => [codec, frames])).toEqual(
    large!.map(({ codec, frames }) => [codec, frames]),
  );

  const replay = media.plane.openReplay(recording);
  const played = parse(textOf(await replay.awaitPlaylist({ rendition: '240p' })));
  expect(played.segments.map(({ uri }) => uri)).toEqual(
    recording.segments.map(({ sequence }) => `240p-segment-${sequence}.m4s`),
  );
  expect(masterOf(replay)).toContain('t/240p.m3u8');
  expect(masterOf(replay)).not.toContain('480p');
  expect(await bytesOf(await replay.resource(played.segments[0]!.uri))).toEqual(
    await readFile(join(media.storageDir, lower.segments[0]!.file)),
  );
});

test('without a core left it is refused with the reason, is not offered, and its address plays the source', async () => {
  const broadcast = await openWith({ renditions: ['240p'], encodingCores: 0 });
  const refused = nextEvent(broadcast, 'encodingRefused');
  await broadcast.playClip({ peerId: 'clip', file: clip });
  expect(await refused).toMatchObject({ what: 'rendition', producerId: null });
  expect((await refused).reason).toMatch(/^it needs 0\.\d+ of a core/);
  await nextEvent(broadcast, 'segmentClosed');
  expect((await broadcast.health()).refusedRenditions).toEqual(['240p']);
  expect(masterOf(broadcast.hls)).not.toContain('240p');
  const { segments } = parse(textOf(await broadcast.hls.awaitPlaylist({ rendition: '240p' })));
  expect(segments[0]!.uri).toBe('segment-0.m4s');
  expect((await broadcast.end('over')).lower).toBeUndefined();
});

test('an encoder that is killed harms nothing: the source stands in, and the next epoch has another', async () => {
  const broadcast = await openWith({ renditions: ['240p'] });
  const { hls } = broadcast;
  await broadcast.playClip({ peerId: 'clip', file: clip });
  await nextEvent(broadcast, 'segmentClosed', { where: ({ rendition }) => rendition === '240p' });
  process.kill(broadcast.lowerPids[0]!, 'SIGKILL');
  const after = await nextEvent(broadcast, 'segmentClosed', { where: ({ sequence }) => sequence >= 3 });
  expect(after.rendition).toBeUndefined();
  expect(masterOf(hls)).not.toContain('240p');
  // Also for the segment in which it died: nothing is missing.
  const { segments } = parse(
    textOf(await hls.awaitPlaylist({ rendition: '240p', msn: after.sequence })),
    false,
  );
  const source = parse(textOf(await hls.awaitPlaylist({ msn: after.sequence })), false);
  const times = (all: typeof segments) =>
    all.slice(0, after.sequence + 1).map(({ duration, programDateTime }) => [duration, programDateTime]);
  expect(times(segments)).toEqual(times(source.segments));
  expect(segments.find(({ mediaSequenceNumber }) => mediaSequenceNumber === after.sequence)?.uri).toBe(
    `segment-${after.sequence}.m4s`,
  );
  expect(segments[0]?.uri).toBe('240p-segment-0.m4s');
  expect(media.plane.counters().ffmpegDeaths).toBe(0);

  // Another format begins an epoch.
  const larger = join(media.storageDir, 'larger.mp4');
  await makeClip({ ffmpegPath: 'ffmpeg', file: larger, seconds: 4, width: 854, height: 480 });
  const again = nextEvent(broadcast, 'initWritten', { where: ({ rendition }) => rendition === '240p' });
  await broadcast.playClip({ peerId: 'other', file: larger });
  expect(await again).toMatchObject({ rendition: '240p', height: 240 });
  await nextEvent(broadcast, 'segmentClosed', { where: ({ rendition }) => rendition === '240p' });
  expect(masterOf(hls)).toContain('240p');
});

test('on a full machine the next epoch of the same size goes on with the cores of the one before', async () => {
  const broadcast = await openWith({ renditions: ['240p'], encodingCores: 0.07 });
  const refusals: unknown[] = [];
  broadcast.on('encodingRefused', (refusal) => refusals.push(refusal));
  const file = join(media.storageDir, 'slow.mp4');
  execFileSync('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=size=640x360:rate=5:duration=6'],
    ...['-f', 'lavfi', '-i', 'sine=sample_rate=48000:duration=6', '-c:v', 'libx264', '-preset', 'ultrafast'],
    ...['-profile:v', 'baseline', '-pix_fmt', 'yuv420p', '-g', '10', '-bf', '0', '-c:a', 'aac', file],
  ]);
  // Its pictures are slow: the second keyframe or the one after begins an epoch with a longer target.
  const next = nextEvent(broadcast, 'initWritten', {
    where: ({ rendition, initIndex }) => rendition === '240p' && initIndex === 1,
    withinMs: 15_000,
  });
  await broadcast.playClip({ peerId: 'slow', file });
  await next;
  expect(refusals).toEqual([]);
  await broadcast.end('over');
  expect(media.plane.counters().ffmpegDeaths).toBe(0);
});

test('after a crash of the hub its segments are found again, the last one cut to its last whole part', async () => {
  const broadcast = await openWith({ renditions: ['240p'] });
  await broadcast.playClip({ peerId: 'clip', file: clip });
  await nextEvent(broadcast, 'segmentClosed', { where: ({ rendition }) => rendition === '240p' });
  await wait(1000);
  const recording = await broadcast.end('simulated crash');
  const lower = lowerOf(recording);
  const last = lower.segments.at(-1)!;
  await truncate(join(media.storageDir, last.file), last.byteLength - 300);

  const found = await media.plane.recoverRecording('b1', {
    inits: recording.inits,
    segments: recording.segments,
  });
  expect(found).toMatchObject({ inits: [], segments: [] });
  expect(found.lower?.inits).toEqual(lower.inits);
  expect(found.lower?.segments.slice(0, -1)).toEqual(lower.segments.slice(0, -1));
  const recovered = found.lower!.segments.at(-1)!;
  expect(recovered).toMatchObject({ rendition: '240p', sequence: last.sequence });
  expect(last.durationMs - recovered.durationMs).toBeLessThanOrEqual(330);
});
