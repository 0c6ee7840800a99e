import { describe, expect, test } from 'vitest';
import { Compositor } from '../../../media/compose/compositor.ts';
import { paint, pictureBytes } from '../../../media/compose/paint.ts';
import { placeTiles, type Canvas } from '../../../media/compose/place-tiles.ts';
import {
  planShow,
  planWithoutEncoder,
  refusedWhat,
  type PlannedPicture,
} from '../../../media/compose/plan-show.ts';
import { runFfmpeg } from '../../../media/process/run-ffmpeg.ts';
import type { VideoFrame } from '../../../media/tap/frames.ts';
import { assignTracks, tracksFor } from '../../../media/tap/sound-desk.ts';
import { readVp8KeyframeSize, readVp8Payload, Vp8Assembler } from '../../../media/tap/vp8-assembler.ts';

describe('where pictures stand', () => {
  const corners = ({ tiles }: Canvas) =>
    tiles.map(({ x, y, width, height }) => [x, y, x + width, y + height].join(' '));
  test.each([
    ['side-by-side', 2, ['0 0 640 720', '640 0 1280 720']],
    ['side-by-side', 3, ['0 0 640 360', '640 0 1280 360', '320 360 960 720']],
    ['side-by-side', 4, ['0 0 640 360', '640 0 1280 360', '0 360 640 720', '640 360 1280 720']],
    ['picture-in-picture', 2, ['0 0 1280 720', '936 516 1256 696']],
    ['picture-in-picture', 4, ['0 0 1280 720', '936 516 1256 696', '936 312 1256 492', '936 108 1256 288']],
    ['side-by-side', 1, ['0 0 1280 720']],
  ] as const)('%s of %i', (layout, pictures, expected) => {
    expect(corners(placeTiles(layout, pictures))).toEqual(expected);
  });

  test.each([
    [640, 360, 640, 360],
    [1920, 1080, 1280, 720],
    [1080, 1920, 720, 1280],
    [321, 181, 322, 182],
  ])('one of %i × %i alone is %i × %i', (width, height, shownWidth, shownHeight) => {
    expect(placeTiles('one', 1, { width, height })).toMatchObject({ width: shownWidth, height: shownHeight });
  });

  test('planes are laid at the same place, a missing picture is black, and what was decoded stays as it is', () => {
    const fit = 'contain';
    const canvas: Canvas = {
      ...{ width: 4, height: 4 },
      tiles: [
        { x: 0, y: 0, width: 4, height: 4, fit },
        { x: 2, y: 2, width: 2, height: 2, fit },
      ],
    };
    const large = Buffer.alloc(pictureBytes(canvas), 50);
    const small = Buffer.from([1, 2, 3, 4, 5, 6]);
    const painted = paint(canvas, [large, small]);
    expect([...painted.subarray(0, 16)]).toEqual([
      ...[50, 50, 50, 50, 50, 50, 50, 50],
      ...[50, 50, 1, 2, 50, 50, 3, 4],
    ]);
    expect([...painted.subarray(16)]).toEqual([50, 50, 50, 5, 50, 50, 50, 6]);
    expect(large.every((value) => value === 50)).toBe(true);
    expect([...paint(canvas, [null, small])].slice(0, 4)).toEqual([16, 16, 16, 16]);
  });
});

describe('what is copied and what encoded', () => {
  const one = (producerId: string, copyable: boolean): PlannedPicture => ({
    ...{ producerId, peerId: producerId, source: 'camera', copyable },
  });
  const [h264, other, vp8] = [one('h264', true), one('other', true), one('vp8', false)];
  const copy = (producerId: string) => ({ kind: 'copy', producerId });
  test.each([
    ['nobody', [], { kind: 'nothing' }, { kind: 'nothing' }, 'layout'],
    ['one as HLS has it', [h264], copy('h264'), copy('h264'), 'codec'],
    [
      'another codec',
      [vp8],
      { kind: 'encode', layout: 'side-by-side', producerIds: ['vp8'] },
      { kind: 'nothing' },
      'codec',
    ],
    [
      'two',
      [h264, other],
      { kind: 'encode', layout: 'side-by-side', producerIds: ['h264', 'other'] },
      copy('h264'),
      'layout',
    ],
    [
      'two, the first of another codec',
      [vp8, other],
      { kind: 'encode', layout: 'side-by-side', producerIds: ['vp8', 'other'] },
      copy('other'),
      'layout',
    ],
  ] as const)('%s', (_, pictures, withRoom, without, what) => {
    expect(planShow('side-by-side', pictures)).toEqual(withRoom);
    expect(planWithoutEncoder(pictures)).toEqual(without);
    expect(refusedWhat(pictures).what).toBe(what);
  });
});

test.each([
  ['a newcomer takes a free track', ['ann', null], ['ann', 'ben'], ['ann', 'ben'], false],
  ['who stays keeps it', ['ann', 'ben'], ['ben', 'eve'], ['eve', 'ben'], false],
  ['who finds none waits', ['ann'], ['ann', 'ben'], ['ann'], true],
  ['all mute', ['ann', 'ben'], [], [null, null], false],
] as const)('sounds: %s', (_, before, sounds, tracks, waiting) => {
  expect(assignTracks(before, sounds)).toEqual({ tracks, waiting });
});

test('an epoch has a few tracks more than are needed, and one where nobody else speaks', () => {
  expect([0, 1, 2, 4, 5, 20].map(tracksFor)).toEqual([1, 1, 4, 4, 8, 8]);
});

describe('VP8', () => {
  const KEYFRAME = Buffer.from('50010f9d012a80026801', 'hex');
  const INTER = Buffer.from('510102', 'hex');

  test.each([
    ['plain', '10aabb', 'aabb', true],
    ['in the middle of a frame', '00aabb', 'aabb', false],
    ['a later partition', '11aabb', 'aabb', false],
    ['short picture id', '908017aabb', 'aabb', true],
    ['long picture id, layer and key index', '90f08017012345aa', '45aa', true],
  ])('descriptor: %s', (_, payload, data, startsFrame) => {
    const read = readVp8Payload(Buffer.from(payload, 'hex'));
    expect({ data: read?.data.toString('hex'), startsFrame: read?.startsFrame }).toEqual({
      data,
      startsFrame,
    });
  });

  test('what is cut short is nothing, and only a keyframe has a size', () => {
    expect(readVp8Payload(Buffer.from('9080', 'hex'))).toBeNull();
    expect(readVp8Payload(Buffer.alloc(0))).toBeNull();
    expect(readVp8KeyframeSize(KEYFRAME)).toEqual({ width: 640, height: 360 });
    expect(readVp8KeyframeSize(INTER)).toBeNull();
    expect(readVp8KeyframeSize(KEYFRAME.subarray(0, 9))).toBeNull();
  });

  test('frames come back whole, and after a loss only from the next keyframe on', () => {
    const assembler = new Vp8Assembler();
    let timestamp = 0;
    const push = (parts: Buffer[], { afterLoss = false, withoutStart = false } = {}) => {
      timestamp += 3000;
      return parts.flatMap((part, at) => {
        const starts = at === 0 && !withoutStart;
        const payload = Buffer.concat([Buffer.from([starts ? 0x10 : 0]), part]);
        const packet = {
          sequenceNumber: 0,
          timestamp,
          marker: at === parts.length - 1,
          payload,
          arrivedAt: 0,
        };
        return assembler.push({ packet, afterLoss: afterLoss && at === 0 });
      });
    };
    expect(push([INTER])).toEqual([]);
    const [first] = push([KEYFRAME.subarray(0, 4), KEYFRAME.subarray(4)]);
    expect(first).toMatchObject({ keyframe: true, nals: [KEYFRAME] });
    expect(push([INTER])[0]).toMatchObject({ keyframe: false, nals: [INTER] });
    expect(push([INTER], { afterLoss: true, withoutStart: true })).toEqual([]);
    expect(push([INTER])).toEqual([]);
    expect(assembler.needsKeyframe).toBe(true);
    expect(push([KEYFRAME])).toHaveLength(1);
    expect(assembler.dropped).toBe(3);
  });
});

/** The frames of an IVF file. */
function readIvf(file: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 32; at + 12 <= file.length;) {
    const size = file.readUInt32LE(at);
    frames.push(file.subarray(at + 12, at + 12 + size));
    at += 12 + size;
  }
  return frames;
}

test('a VP8 publisher becomes a canvas of his size, 25 times a second, in his own time', async () => {
  const ivf = await runFfmpeg('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', 'color=red:s=320x240:r=25:d=1', '-c:v', 'libvpx'],
    ...['-deadline', 'realtime', '-cpu-used', '8', '-g', '100', '-f', 'ivf', 'pipe:1'],
  ]);
  const painted: VideoFrame[] = [];
  const asked: string[] = [];
  const died: string[] = [];
  let enough = () => {};
  const done = new Promise<void>((resolve) => (enough = resolve));
  const compositor = new Compositor({
    ...{ ffmpegPath: 'ffmpeg', layout: 'one', producerIds: ['vp8'] },
    onFrame: (frame) => painted.push(frame) === 20 && enough(),
    requestKeyFrame: (producerId) => asked.push(producerId),
    onDecoderDied: (reason) => died.push(reason),
  });
  expect(asked).toEqual(['vp8']);
  for (const frame of readIvf(ivf)) {
    const size = readVp8KeyframeSize(frame);
    compositor.push(
      {
        atMs: Date.now(),
        keyframe: size !== null,
        picture: size && { coding: 'vp8', format: { codec: 'vp8', ...size }, sets: null },
        nals: [frame],
      },
      'vp8',
    );
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  await done;
  await compositor.close();
  expect(died).toEqual([]);
  const { picture, nals } = painted.at(-1)!;
  expect(picture).toMatchObject({ coding: 'raw', format: { width: 320, height: 240 } });
  const [y, u, v] = [nals[0]![120 * 320 + 160]!, nals[0]![320 * 240 + 60 * 160 + 80]!, nals[0]!.at(-1)!];
  expect([Math.abs(y - 81), Math.abs(u - 90), Math.abs(v - 240)].every((off) => off < 8)).toBe(true);
  const steps = painted.slice(1).map(({ atMs }, index) => atMs - painted[index]!.atMs);
  expect(steps.every((step) => step % 40 === 0)).toBe(true);
});
