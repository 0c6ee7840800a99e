import { describe, expect, it, test } from 'vitest';
import type { VideoFacts } from '../../../media/vod/contract.ts';
import { readPackets } from '../../../media/vod/inspect.ts';
import { renderVideoMaster } from '../../../media/vod/master.ts';
import { planRenditions } from '../../../media/vod/plan.ts';
import {
  encodedFrameRate,
  packetArguments,
  posterArguments,
  probeArguments,
  renditionArguments,
  sampleArguments,
} from '../../../media/vod/vod-arguments.ts';
import { atLowPriority } from '../../../media/vod/run-tool.ts';
import { parseWebVtt, renderSubtitlePlaylist, renderWebVtt } from '../../../media/vod/webvtt.ts';

const facts: VideoFacts = {
  ...{ durationMs: 60_000, width: 1920, height: 1080, videoCodec: 'hevc', audioCodec: 'aac' },
  ...{ frameRate: '30/1', copyable: false },
};

describe('the ladder', () => {
  it.each([
    ['a large picture', {}, ['audio', '240p 426x240', '480p 854x480', '720p 1280x720']],
    [
      'a phone held upright',
      { width: 1080, height: 1920 },
      ['audio', '240p 240x426', '480p 480x854', '720p 720x1280'],
    ],
    ['a picture between two rungs', { width: 960, height: 540 }, ['audio', '240p 426x240', '480p 854x480']],
    ['a picture below them', { width: 321, height: 181 }, ['audio', '182p 322x182']],
    [
      'one that is suitable',
      { width: 1280, height: 720, copyable: true },
      ['audio', '240p 426x240', '480p 854x480', 'source 1280x720 copied'],
    ],
    [
      'one that is suitable and too large',
      { copyable: true },
      ['audio', '240p 426x240', '480p 854x480', '720p 1280x720'],
    ],
    ['one without sound', { width: 426, height: 240, audioCodec: null }, ['240p 426x240']],
  ])('of %s', (_, differing, names) => {
    const planned = planRenditions({ ...facts, ...differing });
    const told = planned.map((one) =>
      one.kind === 'audio' ? one.name : `${one.name} ${one.width}x${one.height}${one.copy ? ' copied' : ''}`,
    );
    expect(told).toEqual(names);
  });
});

test('a program runs below everything else and never outlives the hub', () => {
  expect(atLowPriority('ffmpeg', ['-version'])).toEqual([
    'setpriv',
    ['--pdeathsig', 'KILL', '--', 'nice', '-n', '19', 'ffmpeg', '-version'],
  ]);
});

test('command lines', () => {
  const common = { file: 'in', folder: 'out', frameRate: '25/1' };
  const video = {
    kind: 'video',
    name: '480p',
    width: 854,
    height: 480,
    maxBitrate: 900_000,
    sound: true,
  } as const;
  const lines = [
    probeArguments('in'),
    packetArguments('in'),
    sampleArguments('in', 12.5, 1),
    renditionArguments({ ...common, rendition: { ...video, copy: false } }),
    renditionArguments({ ...common, rendition: { ...video, copy: true, name: 'source' } }),
    renditionArguments({ ...common, rendition: { kind: 'audio', name: 'audio' } }),
    posterArguments('in', 6, 'poster.jpg'),
  ];
  expect(lines.map((args) => args.join(' '))).toMatchInlineSnapshot(`
    [
      "-v error -format_whitelist mov,matroska,mpegts,mpeg,avi,flv,asf,ogg -of json -show_format -show_streams in",
      "-v error -format_whitelist mov,matroska,mpegts,mpeg,avi,flv,asf,ogg -select_streams v:0 -show_entries packet=pts_time,flags -of csv=p=0 in",
      "-hide_banner -loglevel error -nostdin -xerror -threads 1 -ss 12.500 -t 1 -format_whitelist mov,matroska,mpegts,mpeg,avi,flv,asf,ogg -i in -map 0:v:0 -map 0:a:0? -progress pipe:1 -f null -",
      "-hide_banner -loglevel error -nostdin -y -threads 1 -format_whitelist mov,matroska,mpegts,mpeg,avi,flv,asf,ogg -i in -map_metadata -1 -sn -dn -map 0:v:0 -map 0:a:0 -vf fps=25/1,scale=854:480:flags=bicubic,setsar=1,format=yuv420p -c:v libx264 -preset veryfast -profile:v main -threads 1 -crf 23 -maxrate 900000 -bufsize 1800000 -force_key_frames expr:gte(t,n_forced*4) -sc_threshold 0 -c:a aac -b:a 96k -ar 44100 -ac 2 -progress pipe:1 -f hls -hls_time 4 -hls_playlist_type vod -hls_segment_type fmp4 -hls_flags independent_segments -hls_fmp4_init_filename 480p-init.mp4 -hls_segment_filename out/480p-%05d.m4s out/480p.m3u8",
      "-hide_banner -loglevel error -nostdin -y -threads 1 -format_whitelist mov,matroska,mpegts,mpeg,avi,flv,asf,ogg -i in -map_metadata -1 -sn -dn -map 0:v:0 -map 0:a:0 -c copy -progress pipe:1 -f hls -hls_time 4 -hls_playlist_type vod -hls_segment_type fmp4 -hls_flags independent_segments -hls_fmp4_init_filename source-init.mp4 -hls_segment_filename out/source-%05d.m4s out/source.m3u8",
      "-hide_banner -loglevel error -nostdin -y -threads 1 -format_whitelist mov,matroska,mpegts,mpeg,avi,flv,asf,ogg -i in -map_metadata -1 -sn -dn -map 0:a:0 -vn -c:a aac -b:a 32k -ar 24000 -ac 1 -progress pipe:1 -f hls -hls_time 4 -hls_playlist_type vod -hls_segment_type fmp4 -hls_flags independent_segments -hls_fmp4_init_filename audio-init.mp4 -hls_segment_filename out/audio-%05d.m4s out/audio.m3u8",
      "-hide_banner -loglevel error -nostdin -y -threads 1 -ss 6.000 -i in -map 0:v:0 -frames:v 1 -vf scale='min(640,iw)':-2 -q:v 4 -f image2 -update 1 poster.jpg",
    ]
  `);
});

it.each([
  ['25/1', '25/1'],
  ['30000/1001', '30000/1001'],
  ['60/1', '30'],
  ['0/0', '25'],
])('a source of %s pictures a second is encoded at %s', (source, rate) => {
  expect(encodedFrameRate(source)).toBe(rate);
});

test('packets tell the end and the longest way between keyframes', () => {
  const listing = '0.000000,K__\n2.000000,___\n5.000000,K__\nN/A,___\n9.000000,___\n8.000000,___\n';
  expect(readPackets(listing)).toEqual({ lastSeconds: 9, keyframeGapSeconds: 5 });
});

test('the master playlist', () => {
  const sizes = { averageBandwidth: 1, codecs: 'avc1.4d401f,mp4a.40.2', kind: 'video' } as const;
  const variants = [
    { name: 'audio', kind: 'audio', codecs: 'mp4a.40.2', bandwidth: 50, averageBandwidth: 40 } as const,
    { ...sizes, name: '240p', bandwidth: 300, width: 426, height: 240 },
    { ...sizes, name: '480p', bandwidth: 900, width: 854, height: 480 },
  ];
  const subtitles = [{ language: 'en', label: 'English', uri: 'subtitles-en-1.m3u8' }];
  expect(renderVideoMaster({ variants, subtitles, prefix: 't/' })).toMatchInlineSnapshot(`
    "#EXTM3U
    #EXT-X-VERSION:7
    #EXT-X-INDEPENDENT-SEGMENTS
    #EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="English",LANGUAGE="en",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="t/subtitles-en-1.m3u8"
    #EXT-X-STREAM-INF:BANDWIDTH=900,AVERAGE-BANDWIDTH=1,CODECS="avc1.4d401f,mp4a.40.2",RESOLUTION=854x480,SUBTITLES="subtitles"
    t/480p.m3u8
    #EXT-X-STREAM-INF:BANDWIDTH=300,AVERAGE-BANDWIDTH=1,CODECS="avc1.4d401f,mp4a.40.2",RESOLUTION=426x240,SUBTITLES="subtitles"
    t/240p.m3u8
    #EXT-X-STREAM-INF:BANDWIDTH=50,AVERAGE-BANDWIDTH=40,CODECS="mp4a.40.2"
    t/audio.m3u8
    "
  `);
});

describe('WebVTT', () => {
  it('is read and written anew without what is not a cue', () => {
    const source =
      '\uFEFFWEBVTT lesson\r\n\r\nNOTE by hand\r\n\r\nSTYLE\r\n::cue { color: red }\r\n\r\nsecond\r\n01:00:00.000 --> 01:00:01.500 line:0\r\nb\r\nc\r\n\r\n00:01.000 --> 00:02.000\r\na';
    const parsed = parseWebVtt(source);
    if (!parsed.ok) throw new Error(parsed.fault);
    expect(renderWebVtt(parsed.cues)).toBe(
      'WEBVTT\n\n00:00:01.000 --> 00:00:02.000\na\n\n01:00:00.000 --> 01:00:01.500\nb\nc\n',
    );
  });

  it.each([
    ['no header', '1\n00:01.000 --> 00:02.000\na', 1, 'no-header'],
    ['SubRip’s comma', 'WEBVTT\n\n00:00:01,000 --> 00:00:02,000\na', 3, 'bad-time'],
    ['an end before its start', 'WEBVTT\n\n00:02.000 --> 00:01.000\na', 3, 'ends-before-start'],
    ['no cue', 'WEBVTT\n\nNOTE nothing', 1, 'no-cues'],
  ])('with %s is refused', (_, source, line, fault) => {
    expect(parseWebVtt(source)).toEqual({ ok: false, line, fault });
  });

  it('is one segment over the whole video', () => {
    expect(renderSubtitlePlaylist('a.vtt', 6_040)).toBe(
      '#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:7\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXTINF:6.040,\na.vtt\n#EXT-X-ENDLIST\n',
    );
  });
});
