import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import * as HLS from 'hls-parser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BroadcastMedia, HlsAnswer, HlsSource } from '../../../media/contract.ts';
import { nextEvent, openTestMedia, testClip, type TestMedia } from '../../support/open-media.ts';
import { checkPlaylist } from './strict-playlist.ts';

let media: TestMedia;
let broadcast: BroadcastMedia;

beforeAll(async () => {
  media = await openTestMedia();
  broadcast = await media.plane.openBroadcast({ id: 'b1' });
  await broadcast.playClip({ peerId: 'clip', file: await testClip() });
  await nextEvent(broadcast, 'segmentClosed', { where: ({ sequence }) => sequence === 1 });
});
afterAll(() => media.close());

async function bytesOf(answer: HlsAnswer): Promise<Buffer> {
  if (answer.kind !== 'media') throw new Error(`answered ${answer.kind}`);
  return answer.body instanceof Readable ? buffer(answer.body) : Buffer.from(answer.body);
}

const textOf = (answer: HlsAnswer): string => {
  if (answer.kind !== 'playlist') throw new Error(`answered ${answer.kind}`);
  return answer.body;
};

async function probe(hls: HlsSource, names: string[]) {
  const file = join(media.storageDir, 'joined.mp4');
  const bytes = [];
  for (const name of names) bytes.push(await bytesOf(await hls.resource(name)));
  await writeFile(file, Buffer.concat(bytes));
  const shown = ['-show_entries', 'stream=codec_type,codec_name,start_time,duration'];
  const out = execFileSync('ffprobe', ['-v', 'error', '-of', 'json', ...shown, file]).toString();
  return (JSON.parse(out) as { streams: Record<string, string>[] }).streams;
}

test('live, both renditions keep the rules and the sound plays by itself from parts', async () => {
  const { hls } = broadcast;
  for (const rendition of ['source', 'sound'] as const) {
    const body = textOf(await hls.awaitPlaylist({ rendition }));
    checkPlaylist(body);
    HLS.setOptions({ strictMode: true });
    const parsed = HLS.parse(body) as HLS.types.MediaPlaylist;
    const report = parsed.renditionReports[0]!;
    expect(report.uri).toBe(rendition === 'sound' ? 'media.m3u8' : 'sound.m3u8');
    const msn = report.lastMSN!;
    const part = report.lastPart + 1;
    checkPlaylist(textOf(await hls.awaitPlaylist({ rendition, msn, part })));
  }
  const sound = HLS.parse(textOf(await hls.awaitPlaylist({ rendition: 'sound' }))) as HLS.types.MediaPlaylist;
  const parts = sound.segments[0]!.parts.map(({ uri }) => uri);
  const [stream, ...others] = await probe(hls, [sound.segments[0]!.map.uri, ...parts]);
  expect(others).toEqual([]);
  expect(stream).toMatchObject({ codec_type: 'audio', codec_name: 'aac' });
  const hinted = sound.segments.at(-1)!.parts.find(({ hint }) => hint)!;
  expect((await bytesOf(await hls.resource(hinted.uri))).length).toBeGreaterThan(500);
});

test('ended, the sound is as long as the picture and no larger than the master says', async () => {
  const recording = await broadcast.end('over');
  const replay = media.plane.openReplay(recording);
  const body = textOf(await replay.awaitPlaylist({ rendition: 'sound' }));
  checkPlaylist(body);
  const names = recording.segments.map(({ sequence }) => `sound-segment-${sequence}.m4s`);
  expect(body.match(/^sound-segment.*$/gm)).toEqual(names);
  const [stream] = await probe(replay, ['sound-init-0.mp4', ...names]);
  const seconds = recording.segments.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000;
  expect(Math.abs(Number(stream!.duration) - seconds)).toBeLessThan(0.1);
  const master = textOf(replay.master({ folderUri: '', only: 'sound' }));
  const promised = Number(/:BANDWIDTH=(\d+)/.exec(master)?.[1]);
  for (const { sequence, durationMs } of recording.segments) {
    const { length } = await bytesOf(await replay.resource(`sound-segment-${sequence}.m4s`));
    expect((length * 8000) / durationMs).toBeLessThanOrEqual(promised);
  }
});
