import { describe, expect, test } from 'vitest';
import type { EncoderFacts } from '../../../../media/contract.ts';
import { adviceFor, refusalOf, suggestedKbps } from '../../../../media/ingest/rtmp/encoder-rules.ts';
import { EncoderWatch } from '../../../../media/ingest/rtmp/encoder-watch.ts';
import {
  AUDIO_TAG,
  flvHeader,
  flvTag,
  readAudioTag,
  readAvcHeader,
  readVideoKbps,
  readVideoTag,
  VIDEO_TAG,
} from '../../../../media/ingest/rtmp/flv.ts';

const GOOD: NonNullable<EncoderFacts['video']> = {
  codec: 'h264',
  profile: 77,
  width: 1280,
  height: 720,
  framesPerSecond: 30,
  kbps: 2500,
  keyframeSeconds: 2,
  bFrames: false,
};
const facts = (
  video: Partial<typeof GOOD> | null = {},
  audio: EncoderFacts['audio'] = { codec: 'aac', kbps: 128 },
): EncoderFacts => ({ video: video && { ...GOOD, ...video }, audio });

describe('advice', () => {
  test.each([
    ['good settings', facts(), []],
    ['an upright phone', facts({ width: 720, height: 1280 }), []],
    ['2.4 s between keyframes', facts({ keyframeSeconds: 2.4 }), []],
    ['no second keyframe yet', facts({ keyframeSeconds: null }), []],
    ['10 s between keyframes', facts({ keyframeSeconds: 10 }), ['keyframe-interval-long']],
    ['B-frames', facts({ bFrames: true }), ['b-frames']],
    ['6 Mbit/s at 720p', facts({ kbps: 6000 }), ['bitrate-high']],
    ['6 Mbit/s at 1080p', facts({ kbps: 6000, width: 1920, height: 1080 }), []],
    ['4K', facts({ width: 3840, height: 2160 }), ['size-large']],
    ['60 pictures a second', facts({ framesPerSecond: 60 }), ['frame-rate-high']],
    ['10 bits', facts({ profile: 110 }), ['profile-unsupported']],
    ['Speex', facts({}, { codec: 'speex', kbps: 20 }), ['audio-codec-unsupported']],
    ['no sound', facts({}, null), ['no-audio']],
    ['no picture', facts(null), ['no-video']],
    ['HEVC and nothing else right', facts({ codec: 'hevc', bFrames: true }, null), ['codec-unsupported']],
  ])('%s', (_, seen, expected) => {
    expect(adviceFor(seen, { settled: true, encodedAnew: false }).map(({ code }) => code)).toEqual(expected);
  });

  test('what is missing may still come', () => {
    expect(adviceFor(facts(null, null), { settled: false, encodedAnew: false })).toEqual([]);
  });

  test('says how much', () => {
    expect(adviceFor(facts({ kbps: 6049 }), { settled: true, encodedAnew: false })).toEqual([
      { code: 'bitrate-high', kbps: 6000, suggestedKbps: suggestedKbps(720) },
    ]);
  });

  test.each([
    [facts(), null],
    [facts(null), null],
    [facts({ profile: 100 }), null],
    [facts({ codec: 'hevc' }), 'H.264'],
    [facts({ codec: 'av1', profile: 0 }), 'H.264'],
    [facts({ profile: 110 }), '8 bits'],
    [facts({ profile: 122 }), '4:2:0'],
    [facts({ profile: 244 }), '4:2:0'],
  ])('what browsers do not decode is refused: %j', (seen, why) => {
    if (why === null) expect(refusalOf(seen)).toBeNull();
    else expect(refusalOf(seen)).toContain(why);
  });
});

describe('the rate that an encoder names', () => {
  const number = (name: string, value: number) => {
    const bytes = Buffer.alloc(2 + name.length + 9);
    bytes.writeUInt16BE(name.length);
    bytes.write(name, 2, 'latin1');
    bytes.writeDoubleBE(value, 3 + name.length);
    return bytes;
  };

  test.each([
    ['among others', Buffer.concat([number('width', 1280), number('videodatarate', 2500)]), 2500],
    ['none', number('width', 1280), undefined],
    ['cut short', number('videodatarate', 2500).subarray(0, -1), undefined],
    ['not a number', number('videodatarate', Number.NaN), undefined],
    ['unknown', number('videodatarate', 0), undefined],
  ])('%s', (_, data, expected) => {
    expect(readVideoKbps(data)).toBe(expected);
  });
});

describe('tags', () => {
  test.each([
    [
      'a sequence header',
      [0x17, 0, 0, 0, 0],
      { codec: 'h264', part: 'header', keyframe: true, compositionMs: 0 },
    ],
    [
      'a picture shown 40 ms later',
      [0x27, 1, 0, 0, 40],
      { codec: 'h264', part: 'picture', keyframe: false, compositionMs: 40 },
    ],
    [
      'one shown earlier',
      [0x27, 1, 0xff, 0xff, 0xff],
      { codec: 'h264', part: 'picture', keyframe: false, compositionMs: -1 },
    ],
    [
      'an end of sequence',
      [0x17, 2, 0, 0, 0],
      { codec: 'h264', part: 'other', keyframe: true, compositionMs: 0 },
    ],
    [
      'enhanced HEVC',
      [0x90, 0x68, 0x76, 0x63, 0x31],
      { codec: 'hevc', part: 'other', keyframe: false, compositionMs: 0 },
    ],
    [
      'HEVC as Chinese encoders send it',
      [0x1c, 0, 0, 0, 0],
      { codec: 'hevc', part: 'picture', keyframe: true, compositionMs: 0 },
    ],
    ['nothing', [], undefined],
    ['half of one', [0x17, 1, 0], undefined],
  ])('%s', (_, bytes, expected) => {
    expect(readVideoTag(Buffer.from(bytes))).toEqual(expected);
  });

  test('of sound', () => {
    expect(readAudioTag(Buffer.from([0xaf, 0]))).toEqual({ codec: 'aac', part: 'header' });
    expect(readAudioTag(Buffer.from([0xaf, 1]))).toEqual({ codec: 'aac', part: 'sound' });
    expect(readAudioTag(Buffer.from([0x2f, 0]))).toEqual({ codec: 'mp3', part: 'sound' });
    expect(readAudioTag(Buffer.from([0xaf]))).toBeUndefined();
  });

  test('a sequence header that is cut short says nothing', () => {
    for (let length = 0; length < 20; length += 1)
      expect(readAvcHeader(Buffer.alloc(length, 0xff))).toBeUndefined();
  });

  test('are written as a file holds them', () => {
    expect(flvHeader({ video: true, audio: false }).toString('hex')).toBe('464c5601010000000900000000');
    const tag = flvTag({ type: AUDIO_TAG, timestampMs: 0x01_23_45_67, data: Buffer.from([0xaf, 1]) });
    expect(tag.toString('hex')).toBe('0800000223456701000000af010000000d');
  });
});

describe('what is seen of a stream', () => {
  const picture = (keyframe: boolean, compositionMs = 0) => {
    const data = Buffer.alloc(1000);
    data[0] = keyframe ? 0x17 : 0x27;
    data[1] = 1;
    data.writeIntBE(compositionMs, 2, 3);
    return data;
  };
  function watch(compositionOf: (index: number) => number, keyframeEvery = 50): EncoderFacts {
    const seen = new EncoderWatch();
    // H.264 Baseline 3.1 at 320 × 180, from x264.
    const sps = '67 42 c0 0c d9 01 41 9f 9e 10 00 00 03 00 10 00 00 03 03 20 f1 42 99 20'.replace(/ /g, '');
    const header = Buffer.from(`1700000000 0142c00cffe1${'0018'}${sps}`.replace(/ /g, ''), 'hex');
    seen.take({ type: VIDEO_TAG, timestampMs: 0, data: header }, 0);
    for (let index = 0; index < 250; index += 1) {
      const data = picture(index % keyframeEvery === 0, compositionOf(index));
      seen.take({ type: VIDEO_TAG, timestampMs: index * 40, data }, index * 40);
    }
    return seen.state(249 * 40, { encodedAnew: false }).facts;
  }

  test('rates, keyframes, no reordering', () => {
    const { video, audio } = watch(() => 0);
    expect(audio).toBeNull();
    expect(video).toMatchObject({ codec: 'h264', keyframeSeconds: 2, bFrames: false });
    expect(video!.framesPerSecond).toBeCloseTo(25, 1);
    expect(video!.kbps).toBeCloseTo(200, 0);
  });

  test('a constant delay reorders nothing, a changing one does', () => {
    expect(watch(() => 80).video?.bFrames).toBe(false);
    expect(watch((index) => [120, 40, 0][index % 3]!).video?.bFrames).toBe(true);
  });

  test('a keyframe that does not come is not waited for to be told', () => {
    expect(watch(() => 0, 1000).video?.keyframeSeconds).toBeGreaterThan(9);
  });
});
