import * as HLS from 'hls-parser';
import { describe, expect, test } from 'vitest';
import { renderMaster, renderMedia } from '../../../media/hls/playlist.ts';
import type { PartRecord, Timeline } from '../../../media/hls/timeline.ts';
import type { InitRecord, SegmentRecord } from '../../../media/recording/contract.ts';

const START = Date.parse('2026-11-22T02:00:00.000Z');

function init(initIndex: number): InitRecord {
  const file = `broadcasts/b/init-${initIndex}.mp4`;
  return { initIndex, file, byteLength: 1200, codecs: 'avc1.42c01f,mp4a.40.2', width: 1280, height: 720 };
}

function segment(sequence: number, initIndex: number, durationMs = 2000): SegmentRecord {
  return {
    sequence,
    discontinuitySequence: initIndex,
    initIndex,
    file: `broadcasts/b/segment-${sequence}.m4s`,
    durationMs,
    byteLength: 200_000 + sequence,
    programDateTime: new Date(START + sequence * 2000).toISOString(),
    keyframeAligned: true,
  };
}

function parts(initIndex: number, from: number, count: number): PartRecord[] {
  return Array.from({ length: count }, (_, at) => {
    return { initIndex, index: from + at, durationMs: 266.667, independent: at === 0 };
  });
}

function timeline(change: Partial<Timeline> = {}): Timeline {
  return {
    inits: [init(0)],
    segments: [segment(0, 0), segment(1, 0, 1967)],
    recentParts: new Map([[1, parts(0, 8, 2)]]),
    open: {
      sequence: 2,
      initIndex: 0,
      programDateTime: new Date(START + 4000).toISOString(),
      parts: parts(0, 15, 2),
    },
    hint: { initIndex: 0, index: 17 },
    ended: false,
    targetSeconds: 3,
    partSeconds: 0.31,
    ...change,
  };
}

describe('the low-latency playlist', () => {
  test('tells every part as it comes and for what it is, and takes none back', () => {
    const now = timeline();
    const told = (body: string) => [...body.matchAll(/#EXT-X-PART:.*/g)].map(([line]) => line);
    let before = told(renderMedia(now));
    const come = (index: number, durationMs: number) => {
      now.open!.parts.push({ initIndex: 0, index, durationMs, independent: false });
      now.hint = { initIndex: 0, index: index + 1 };
      const body = renderMedia(now);
      expect(told(body).slice(0, -1)).toEqual(before);
      expect(body).toMatch(
        new RegExp(`DURATION=${(durationMs / 1000).toFixed(5)},URI="part-0-${index}.m4s"`),
      );
      expect(body).toContain(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-0-${index + 1}.m4s"`);
      before = told(body);
    };
    come(17, 270);
    // The camera paused for a quarter of a second.
    come(18, 520);
    come(19, 270);
    // An epoch with a longer target begins: what is on its way to viewers stays.
    now.segments.push(segment(2, 0));
    now.recentParts.set(2, now.open!.parts);
    Object.assign(now, { open: null, partSeconds: 0.432, hint: { initIndex: 1, index: 0 } });
    expect(told(renderMedia(now))).toEqual(before);
  });

  test('byte for byte, while live', () => {
    expect(renderMedia(timeline())).toBe(
      `#EXTM3U
#EXT-X-VERSION:9
#EXT-X-TARGETDURATION:3
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.93,CAN-SKIP-UNTIL=18
#EXT-X-PART-INF:PART-TARGET=0.31
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-MAP:URI="init-0.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-11-22T02:00:00.000Z
#EXTINF:2.00000,
segment-0.m4s
#EXT-X-PROGRAM-DATE-TIME:2026-11-22T02:00:02.000Z
#EXT-X-PART:DURATION=0.26667,URI="part-0-8.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.26667,URI="part-0-9.m4s"
#EXTINF:1.96700,
segment-1.m4s
#EXT-X-PROGRAM-DATE-TIME:2026-11-22T02:00:04.000Z
#EXT-X-PART:DURATION=0.26667,URI="part-0-15.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.26667,URI="part-0-16.m4s"
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-0-17.m4s"
#EXT-X-RENDITION-REPORT:URI="sound.m3u8",LAST-MSN=2,LAST-PART=1
`,
    );
  });

  test('a new epoch has a discontinuity and an init of its own', () => {
    const body = renderMedia(
      timeline({
        inits: [init(0), init(1)],
        segments: [segment(0, 0), segment(1, 1)],
        recentParts: new Map(),
        open: null,
        hint: { initIndex: 1, index: 3 },
      }),
    );
    expect(body.split('\n').slice(6)).toEqual([
      '#EXT-X-MAP:URI="init-0.mp4"',
      '#EXT-X-PROGRAM-DATE-TIME:2026-11-22T02:00:00.000Z',
      '#EXTINF:2.00000,',
      'segment-0.m4s',
      '#EXT-X-DISCONTINUITY',
      '#EXT-X-MAP:URI="init-1.mp4"',
      '#EXT-X-PROGRAM-DATE-TIME:2026-11-22T02:00:02.000Z',
      '#EXTINF:2.00000,',
      'segment-1.m4s',
      '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-1-3.m4s"',
      '#EXT-X-RENDITION-REPORT:URI="sound.m3u8",LAST-MSN=1',
      '',
    ]);
  });

  test('an interrupted one announces the discontinuity to come and hints at nothing', () => {
    const body = renderMedia(timeline({ recentParts: new Map(), open: null, hint: null }));
    expect(body.split('\n').slice(-5)).toEqual([
      '#EXTINF:1.96700,',
      'segment-1.m4s',
      '#EXT-X-DISCONTINUITY',
      '#EXT-X-RENDITION-REPORT:URI="sound.m3u8",LAST-MSN=1',
      '',
    ]);
  });

  test('the sound alone has the same numbers, times and breaks under names of its own', () => {
    const grown = timeline({
      inits: [init(0), init(1)],
      segments: [segment(0, 0), segment(1, 1)],
      recentParts: new Map([[1, parts(1, 0, 7)]]),
    });
    grown.open!.initIndex = 1;
    const sound = renderMedia(grown, { rendition: 'sound' });
    const own = (body: string) =>
      body.replace('"media.m3u8"', '"sound.m3u8"').replaceAll(/sound-|,INDEPENDENT=YES/g, '');
    expect(own(sound)).toBe(own(renderMedia(grown)));
    expect(sound.match(/^#EXT-X-PART:(?!.*sound-part.*INDEPENDENT=YES).*$/gm)).toBeNull();
    expect(sound).toContain('#EXT-X-RENDITION-REPORT:URI="media.m3u8",LAST-MSN=2,LAST-PART=1\n');
  });

  test('an update leaves out what is older than six target durations and repeats the init', () => {
    const segments = Array.from({ length: 40 }, (_, sequence) => segment(sequence, sequence < 20 ? 0 : 1));
    const grown = timeline({
      inits: [init(0), init(1)],
      segments,
      recentParts: new Map(),
      open: null,
      hint: null,
    });
    const body = renderMedia(grown, { skip: true });
    expect(body).toContain('#EXT-X-SKIP:SKIPPED-SEGMENTS=31\n#EXT-X-MAP:URI="init-1.mp4"\n');
    expect(body).not.toContain('segment-30.m4s');
    expect(body).toContain('segment-31.m4s');
    expect(body).not.toContain('#EXT-X-DISCONTINUITY\n#EXT-X-MAP');
    expect(renderMedia(grown)).toContain('segment-0.m4s');
  });

  test('a parser that knows the draft reads it as it was meant', () => {
    HLS.setOptions({ strictMode: true });
    const parsed = HLS.parse(renderMedia(timeline())) as HLS.types.MediaPlaylist;
    expect(parsed).toMatchObject({
      version: 9,
      targetDuration: 3,
      partTargetDuration: 0.31,
      mediaSequenceBase: 0,
    });
    expect(parsed.lowLatencyCompatibility).toMatchObject({ canBlockReload: true, partHoldBack: 0.93 });
    expect(parsed.segments.map(({ mediaSequenceNumber }) => mediaSequenceNumber)).toEqual([0, 1, 2]);
    expect(parsed.segments[1]!.map?.uri).toBe('init-0.mp4');
    expect(parsed.segments[2]!.parts.map(({ uri, hint }) => `${uri} ${hint}`)).toEqual([
      'part-0-15.m4s false',
      'part-0-16.m4s false',
      'part-0-17.m4s true',
    ]);
  });
});

test('the ended broadcast is a VOD playlist of the same segments', () => {
  const body = renderMedia(timeline({ ended: true, open: null, hint: null }), { skip: true });
  expect(body).toBe(`#EXTM3U
#EXT-X-VERSION:9
#EXT-X-TARGETDURATION:3
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-MAP:URI="init-0.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-11-22T02:00:00.000Z
#EXTINF:2.00000,
segment-0.m4s
#EXT-X-PROGRAM-DATE-TIME:2026-11-22T02:00:02.000Z
#EXTINF:1.96700,
segment-1.m4s
#EXT-X-ENDLIST
`);
  expect(HLS.parse(body)).toMatchObject({ endlist: true, playlistType: 'VOD' });
});

test('the master playlist names the picture and the sound alone, or the sound only', () => {
  const options = { init: init(3), segments: [segment(0, 3), segment(1, 3, 1000)], folderUri: 't/abc/' };
  expect(renderMaster(options)).toBe(`#EXTM3U
#EXT-X-VERSION:9
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-STREAM-INF:BANDWIDTH=1600008,AVERAGE-BANDWIDTH=1066670,CODECS="avc1.42c01f,mp4a.40.2",RESOLUTION=1280x720
t/abc/media.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=170000,AVERAGE-BANDWIDTH=132000,CODECS="mp4a.40.2"
t/abc/sound.m3u8
`);
  expect(renderMaster({ ...options, only: 'sound' }).match(/^[^#].*/gm)).toEqual(['t/abc/sound.m3u8']);
  HLS.setOptions({ strictMode: true });
  expect((HLS.parse(renderMaster(options)) as HLS.types.MasterPlaylist).variants).toHaveLength(2);
});
