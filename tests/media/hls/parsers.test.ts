import * as HLS from 'hls-parser';
import { expect, test } from 'vitest';
import { renderMedia } from '../../../media/hls/playlist.ts';
import { openReplaySource } from '../../../media/hls/replay-source.ts';
import type { PartRecord, Timeline } from '../../../media/hls/timeline.ts';
import { findGaps } from '../../../media/recording/gaps.ts';
import type { InitRecord, Recording, SegmentRecord } from '../../../media/recording/contract.ts';
import { renderVideoMaster } from '../../../media/vod/master.ts';
import { renderSubtitlePlaylist } from '../../../media/vod/webvtt.ts';
import { checkPlaylist } from './strict-playlist.ts';

const START = Date.parse('2026-11-22T02:00:00.000Z');
const GAP_MS = 45_000;
/** One hour, whose publisher was away for a while in the middle. */
const SEGMENTS = 1800;

function init(initIndex: number): InitRecord {
  const size = initIndex === 0 ? { width: 1280, height: 720 } : { width: 640, height: 360 };
  const file = `broadcasts/b/init-${initIndex}.mp4`;
  return { initIndex, file, byteLength: 1200, codecs: 'avc1.42c01f,mp4a.40.2', ...size };
}

const segments = Array.from({ length: SEGMENTS }, (_, sequence): SegmentRecord => {
  const initIndex = sequence < SEGMENTS / 2 ? 0 : 1;
  const startMs = START + sequence * 2000 + initIndex * GAP_MS;
  return {
    ...{ sequence, initIndex, discontinuitySequence: initIndex, durationMs: 2000, byteLength: 200_000 },
    ...{ file: `broadcasts/b/segment-${sequence}.m4s`, keyframeAligned: true },
    programDateTime: new Date(startMs).toISOString(),
  };
});
const recording: Recording = { inits: [init(0), init(1)], segments };

function live(): Timeline {
  const parts = (from: number, count: number): PartRecord[] =>
    Array.from({ length: count }, (_, at) => {
      return { initIndex: 1, index: from + at, durationMs: 2000 / 7, independent: at === 0 };
    });
  return {
    ...{ inits: recording.inits, segments, recentParts: new Map([[SEGMENTS - 1, parts(7, 7)]]) },
    open: {
      ...{ sequence: SEGMENTS, initIndex: 1, parts: parts(14, 3) },
      programDateTime: new Date(START + SEGMENTS * 2000 + GAP_MS).toISOString(),
    },
    hint: { initIndex: 1, index: 17 },
    ...{ ended: false, targetSeconds: 3, partSeconds: 0.31 },
  };
}

/** What the parser makes of it at its strictest, and the draft's rules that it does not know. */
function parse(body: string): HLS.types.MediaPlaylist {
  checkPlaylist(body);
  HLS.setOptions({ strictMode: true });
  const parsed = HLS.parse(body);
  if (parsed.isMasterPlaylist) throw new Error('a master playlist');
  return parsed;
}

async function replay(span?: { startMs: number; endMs: number }, rendition?: 'sound') {
  const settings = { storageDir: '/nowhere', segmentSeconds: 2, partSeconds: 0.31 };
  const source = openReplaySource(recording, { ...settings, ...(span ? { span } : {}) });
  const answer = await source.awaitPlaylist(rendition ? { rendition } : {});
  if (answer.kind !== 'playlist') throw new Error(answer.kind);
  return parse(answer.body);
}

const namesOf = ({ segments: read }: HLS.types.MediaPlaylist) => read.map(({ uri }) => uri);
const secondsOf = ({ segments: read }: HLS.types.MediaPlaylist) =>
  read.reduce((sum, { duration }) => sum + duration, 0);

test.each(['source', 'sound'] as const)('live, back to the very start: %s', (rendition) => {
  const parsed = parse(renderMedia(live(), { rendition }));
  expect(parsed).toMatchObject({ endlist: false, mediaSequenceBase: 0, partTargetDuration: 0.31 });
  // The open segment is the last, of parts alone.
  expect(parsed.segments).toHaveLength(SEGMENTS + 1);
  expect(parsed.segments.at(-1)!.parts.map(({ hint }) => hint)).toEqual([false, false, false, true]);
  expect(parsed.segments.filter(({ discontinuity }) => discontinuity)).toHaveLength(1);
});

test('an update and the list before it are the whole list', () => {
  const whole = parse(renderMedia(live()));
  const update = parse(renderMedia(live(), { skip: true }));
  expect(update.skip).toBeGreaterThan(SEGMENTS - 15);
  expect([...namesOf(whole).slice(0, update.skip), ...namesOf(update)]).toEqual(namesOf(whole));
  expect(update.segments.map(({ mediaSequenceNumber }) => mediaSequenceNumber)).toEqual(
    whole.segments.slice(update.skip).map(({ mediaSequenceNumber }) => mediaSequenceNumber),
  );
});

test.each([undefined, 'sound'] as const)(
  'ended, a gap is a gap in the dates and none in the length: %s',
  async (rendition) => {
    const parsed = await replay(undefined, rendition);
    expect(parsed).toMatchObject({ endlist: true, playlistType: 'VOD' });
    expect(secondsOf(parsed)).toBe(SEGMENTS * 2);
    const at = parsed.segments.findIndex(({ discontinuity }) => discontinuity);
    const [before, after] = [parsed.segments[at - 1]!, parsed.segments[at]!];
    const missingMs = after.programDateTime!.getTime() - before.programDateTime!.getTime() - 2000;
    expect(findGaps(segments)).toEqual([{ atMs: at * 2000, missingMs }]);
    expect(missingMs).toBe(GAP_MS);
    expect(after.map.uri).not.toBe(before.map.uri);
  },
);

test('trimmed, it begins within its first segment and ends with its last', async () => {
  const parsed = await replay({ startMs: 61_300, endMs: 3_000_000 });
  expect(namesOf(parsed).at(0)).toBe('segment-30.m4s');
  expect(namesOf(parsed).at(-1)).toBe('segment-1499.m4s');
  expect(parsed).toMatchObject({ mediaSequenceBase: 30, start: { offset: 1.3, precise: true } });
});

test('a lesson and its subtitles', () => {
  const video = { kind: 'video', codecs: 'avc1.4d401e,mp4a.40.2' } as const;
  const body = renderVideoMaster({
    variants: [
      { ...video, name: '240p', bandwidth: 300_000, averageBandwidth: 250_000, width: 426, height: 240 },
      { ...video, name: '480p', bandwidth: 900_000, averageBandwidth: 700_000, width: 854, height: 480 },
      { kind: 'audio', name: 'audio', codecs: 'mp4a.40.2', bandwidth: 36_000, averageBandwidth: 34_000 },
    ],
    subtitles: [{ language: 'zh-CN', label: '中文', uri: 'subtitles-zh-CN-1.m3u8' }],
    prefix: 't/',
  });
  HLS.setOptions({ strictMode: true });
  const master = HLS.parse(body);
  if (!master.isMasterPlaylist) throw new Error('not a master playlist');
  expect(master.variants.map(({ uri, subtitles }) => [uri, subtitles.length])).toEqual([
    ['t/480p.m3u8', 1],
    ['t/240p.m3u8', 1],
    ['t/audio.m3u8', 0],
  ]);
  const subtitles = HLS.parse(renderSubtitlePlaylist('subtitles-zh-CN-1.vtt', 61_040));
  if (subtitles.isMasterPlaylist) throw new Error('a master playlist');
  expect(secondsOf(subtitles)).toBe(61.04);
  expect(subtitles).toMatchObject({ endlist: true, targetDuration: 62 });
});
