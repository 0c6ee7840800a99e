import { describe, expect, test } from 'vitest';
import { splitPictures } from '../../../media/tap/annex-b.ts';
import { H264Assembler } from '../../../media/tap/h264-assembler.ts';
import { opusDurationMs } from '../../../media/tap/opus.ts';
import { ReorderBuffer } from '../../../media/tap/reorder-buffer.ts';
import { parseRtpPacket, type RtpPacket } from '../../../media/tap/rtp-packet.ts';
import { SoundLine } from '../../../media/tap/silence.ts';
import { readPictureFormat } from '../../../media/tap/sps.ts';
import { SenderClock, StreamClock } from '../../../media/tap/stream-clock.ts';

function packet(sequenceNumber: number, change: Partial<RtpPacket> = {}): RtpPacket {
  return { sequenceNumber, timestamp: 0, marker: false, payload: Buffer.from([1]), arrivedAt: 0, ...change };
}

describe('RTP', () => {
  test('header extension, contributing sources and padding are left out of the payload', () => {
    const header = Buffer.from([0xb1, 0xe5, 0x12, 0x34, 0, 0, 0, 9, 0, 0, 0, 1]);
    const sources = Buffer.alloc(4);
    const extension = Buffer.from([0xbe, 0xde, 0, 1, 0, 0, 0, 0]);
    const datagram = Buffer.concat([
      header,
      sources,
      extension,
      Buffer.from('media'),
      Buffer.from([0, 0, 3]),
    ]);
    const parsed = parseRtpPacket(datagram, 7);
    expect(parsed).toMatchObject({ sequenceNumber: 0x1234, timestamp: 9, marker: true, arrivedAt: 7 });
    expect(parsed?.payload.toString()).toBe('media');
    expect(parseRtpPacket(Buffer.alloc(12), 0)).toBeNull();
    expect(parseRtpPacket(datagram.subarray(0, 11), 0)).toBeNull();
  });
});

describe('order', () => {
  const numbers = (list: { packet: RtpPacket; afterLoss: boolean }[]) =>
    list.map(({ packet: { sequenceNumber }, afterLoss }) => (afterLoss ? -sequenceNumber : sequenceNumber));

  test('late ones are put in place, across the wrap, and duplicates dropped', () => {
    const buffer = new ReorderBuffer(100);
    expect(numbers(buffer.push(packet(65_534)))).toEqual([65_534]);
    expect(numbers(buffer.push(packet(0)))).toEqual([]);
    expect(numbers(buffer.push(packet(1)))).toEqual([]);
    expect(numbers(buffer.push(packet(65_535)))).toEqual([65_535, 0, 1]);
    expect(numbers(buffer.push(packet(65_535)))).toEqual([]);
  });

  test('what does not come in time is given up, and the next one says so', () => {
    const buffer = new ReorderBuffer(100);
    buffer.push(packet(10));
    expect(numbers(buffer.push(packet(12, { arrivedAt: 1000 })))).toEqual([]);
    expect(numbers(buffer.release(1050))).toEqual([]);
    expect(numbers(buffer.release(1100))).toEqual([-12]);
    expect(numbers(buffer.push(packet(11, { arrivedAt: 1101 })))).toEqual([]);
    expect(numbers(buffer.push(packet(13, { arrivedAt: 1102 })))).toEqual([13]);
  });
});

describe('pictures', () => {
  const SPS = Buffer.from('6742c01fda0280bfe5c044000003000400000300c83c60ca80', 'hex');
  const KEYFRAME = Buffer.concat([Buffer.from([24, 0, SPS.length]), SPS, Buffer.from([0, 2, 0x68, 0xce])]);

  test('a picture size is read from its parameter set', () => {
    expect(readPictureFormat(SPS)).toEqual({ codec: 'avc1.42c01f', width: 640, height: 360 });
  });

  test('aggregated and fragmented units come back whole', () => {
    const assembler = new H264Assembler();
    const push = (payload: number[] | Buffer, marker = false, afterLoss = false) =>
      assembler.push({
        packet: packet(0, { payload: Buffer.from(payload), marker, timestamp: 5 }),
        afterLoss,
      });
    expect(push(KEYFRAME)).toEqual([]);
    expect(push([0x7c, 0x85, 1, 2])).toEqual([]);
    const [unit] = push([0x7c, 0x45, 3], true);
    expect(unit).toMatchObject({ keyframe: true, timestamp: 5 });
    expect(unit!.nals.map((nal) => nal.toString('hex'))).toEqual([SPS.toString('hex'), '68ce', '65010203']);
  });

  test('after a loss pictures are withheld up to the next keyframe', () => {
    const assembler = new H264Assembler();
    let timestamp = 0;
    const picture = (payloads: (Buffer | number[])[], afterLoss = false) => {
      timestamp += 3000;
      return payloads.flatMap((payload, at) =>
        assembler.push({
          packet: packet(0, { payload: Buffer.from(payload), marker: at === payloads.length - 1, timestamp }),
          afterLoss: afterLoss && at === 0,
        }),
      );
    };
    expect(picture([[0x41, 1]])).toHaveLength(0);
    expect(picture([KEYFRAME, [0x65, 1]])).toHaveLength(1);
    expect(picture([[0x41, 1]])).toHaveLength(1);
    expect(picture([[0x41, 1]], true)).toHaveLength(0);
    expect(picture([[0x41, 1]])).toHaveLength(0);
    expect(assembler.needsKeyframe).toBe(true);
    expect(picture([KEYFRAME, [0x65, 1]])).toHaveLength(1);
    expect(assembler.dropped).toBe(3);
  });

  test('a byte stream is split at its delimiters', () => {
    const stream = Buffer.from(
      '00000001 09f0 000001 6701 00000001 6802 000001 6503 00000001 09f0 000001 4104'.replaceAll(' ', ''),
      'hex',
    );
    expect(splitPictures(stream).map((nals) => nals.map((nal) => nal.toString('hex')))).toEqual([
      ['6701', '6802', '6503'],
      ['4104'],
    ]);
  });
});

describe('time', () => {
  test('a late first packet is made good at once, and jitter does not move the pictures afterwards', () => {
    const clock = new StreamClock({ rate: 90_000, slewMs: 8 });
    const placed: number[] = [];
    for (let frame = 0; frame < 300; frame += 1) {
      const sentAt = frame * 40;
      // The first is 60 ms late, every third 25 ms.
      const lateMs = frame === 0 ? 60 : frame % 3 === 0 ? 25 : 0;
      placed.push(clock.place((frame * 3600) >>> 0, 1_000_000 + sentAt + lateMs));
    }
    const steps = placed.slice(1).map((at, index) => at - placed[index]!);
    // The second frame came in time and tells that the first had not.
    expect(placed[1]! - (1_000_000 + 40)).toBeLessThan(1);
    const settled = steps.slice(1);
    expect(Math.min(...settled)).toBeGreaterThanOrEqual(38);
    expect(Math.max(...settled)).toBeLessThanOrEqual(42);
    expect(placed.at(-1)! - (1_000_000 + 299 * 40)).toBeLessThan(1);
  });

  test("a publisher whose clock is slow by 100 ppm stays on the hub's clock", () => {
    const clock = new StreamClock({ rate: 48_000, slewMs: 2 });
    let last = 0;
    const hourInFrames = 180_000;
    for (let frame = 0; frame <= hourInFrames; frame += 1)
      last = clock.place((frame * 960) >>> 0, frame * 20 * 1.0001);
    expect(Math.abs(last - hourInFrames * 20 * 1.0001)).toBeLessThan(5);
  });

  describe("by the sender's reports", () => {
    /** The sender's wall clock is 7 s behind the hub's, whose time is `at`. */
    const NTP_BEHIND = 7000;
    interface Play {
      seconds: number;
      videoDelayMs: (frame: number) => number;
      audioDelayMs: (frame: number) => number;
      /** Reports of the picture, by hub time of capture. */
      report?: (at: number) => { timestamp: number; ntpMs: number }[];
    }
    const videoTimestamp = (at: number) => (0xffff_0000 + at * 90) >>> 0;
    const audioTimestamp = (at: number) => (12_345 + at * 48) >>> 0;

    /** How much later than it was captured each is placed at the end: the picture, the sound. */
    function play({ seconds, videoDelayMs, audioDelayMs, report }: Play) {
      const sender = new SenderClock();
      const video = new StreamClock({ rate: 90_000, slewMs: 8, sender });
      const audio = new StreamClock({ rate: 48_000, slewMs: 2, sender });
      const start = 1_000_000;
      const errors = { video: 0, audio: 0, longestStepMs: 0 };
      let lastVideo = 0;
      for (let at = 0; at < seconds * 1000; at += 20) {
        const frame = at / 20;
        errors.audio = audio.place(audioTimestamp(at), start + at + audioDelayMs(frame)) - (start + at);
        if (at % 40 === 0) {
          const placed = video.place(videoTimestamp(at), start + at + videoDelayMs(frame));
          errors.video = placed - (start + at);
          if (at > 1000)
            errors.longestStepMs = Math.max(errors.longestStepMs, Math.abs(placed - lastVideo - 40));
          lastVideo = placed;
        }
        if (at % 1000 !== 500) continue;
        const arrivedAt = start + at + 20;
        const ntpMs = start + at - NTP_BEHIND;
        audio.report({ timestamp: audioTimestamp(at), ntpMs, arrivedAt });
        const told = report?.(at) ?? [{ timestamp: videoTimestamp(at), ntpMs }];
        for (const one of told) video.report({ ...one, arrivedAt });
      }
      return errors;
    }

    test('pictures that took long to encode come to their sound again, without a jump', () => {
      const late = { videoDelayMs: () => 320, audioDelayMs: () => 20 };
      const { video, audio, longestStepMs } = play({ seconds: 10, ...late });
      expect(audio).toBeCloseTo(20, 0);
      expect(Math.abs(video - audio)).toBeLessThan(2);
      expect(longestStepMs).toBeLessThan(8.1);
      // Arrival alone keeps them apart.
      expect(Math.round(play({ seconds: 10, ...late, report: () => [] }).video)).toBe(320);
    });

    test('jitter of either does not part them', () => {
      const { video, audio } = play({
        seconds: 20,
        videoDelayMs: (frame) => 60 + ((frame * 37) % 180),
        audioDelayMs: (frame) => 15 + ((frame * 13) % 70),
      });
      expect(Math.abs(video - audio)).toBeLessThan(3);
    });

    test('a report of another layer, which counts from elsewhere, is passed over', () => {
      const { video, audio } = play({
        seconds: 10,
        videoDelayMs: () => 320,
        audioDelayMs: () => 20,
        report: (at) => [
          { timestamp: videoTimestamp(at), ntpMs: 1_000_000 + at - NTP_BEHIND },
          { timestamp: (videoTimestamp(at) + 0x1234_5678) >>> 0, ntpMs: 1_000_000 + at - NTP_BEHIND },
        ],
      });
      expect(Math.abs(video - audio)).toBeLessThan(2);
    });

    test('a sender that says what cannot be is not believed', () => {
      const { video } = play({
        seconds: 10,
        videoDelayMs: () => 40,
        audioDelayMs: () => 20,
        report: (at) => [{ timestamp: videoTimestamp(at), ntpMs: 1_000_000 + at - 60_000 }],
      });
      expect(Math.round(video)).toBe(40);
    });
  });

  test('the wrap of the timestamp is no jump', () => {
    const clock = new StreamClock({ rate: 90_000, slewMs: 8 });
    const before = clock.place(0xffff_fff0, 5000);
    expect(clock.place(3584, 5040) - before).toBeCloseTo(40, 1);
  });
});

describe('sound', () => {
  test.each([
    [[0xfc], 20],
    [[0x78], 20],
    [[0xf8 | 3, 3], 60],
    [[0x08 | 1], 40],
    [[0xe0], 2.5],
    [[], 0],
  ])('an Opus packet %j lasts %s ms', (bytes, expected) => {
    expect(opusDurationMs(Buffer.from(bytes))).toBe(expected);
  });

  test('silence fills what a microphone leaves, and late sound does not overlap it', () => {
    const written: string[] = [];
    const line = new SoundLine(1000, (atMs, frame) =>
      written.push(`${atMs}${frame.length === 3 ? 's' : ''}`),
    );
    expect(written.splice(0)).toEqual(['1000s']);
    line.hear({ atMs: 1020, durationMs: 20, payload: Buffer.alloc(60) });
    line.fill(1500, true);
    expect(written.splice(0)).toEqual(['1020']);
    line.fill(1580, true);
    expect(written.splice(0)).toEqual(['1040s', '1060s']);
    line.hear({ atMs: 1045, durationMs: 20, payload: Buffer.alloc(60) });
    expect(written.splice(0)).toEqual([]);
    line.fill(1000, false);
    expect(written.splice(0)).toEqual(['1080s']);
  });
});
