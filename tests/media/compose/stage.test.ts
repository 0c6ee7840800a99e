import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { BroadcastEvents, BroadcastMedia, Recording, StageWish } from '../../../media/contract.ts';
import { nextEvent, openTestMedia, wait, type TestMedia } from '../../support/open-media.ts';
import { decodeErrors, joinEpoch, probeEpoch } from '../../support/probe-media.ts';

let folder: string;
let red: string;
let blue: string;
let media: TestMedia;

/** A clip of one colour with one tone. */
function makeClip(name: string, colour: string, hertz: number): string {
  const file = join(folder, `${name}.mp4`);
  execFileSync('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', `color=${colour}:s=640x360:r=25:d=6`],
    ...['-f', 'lavfi', '-i', `sine=frequency=${hertz}:sample_rate=48000:duration=6,volume=4`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-profile:v', 'baseline', '-g', '25', '-bf', '0'],
    ...['-c:a', 'aac', file],
  ]);
  return file;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xiangbo-compose-'));
  red = makeClip('red', 'red', 300);
  blue = makeClip('blue', 'blue', 2000);
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => media.close());

/** Red, green and blue of one point of the last picture of an epoch. */
function colourAt(file: string, x: number, y: number): string {
  const rgb = execFileSync('ffmpeg', [
    ...['-v', 'error', '-sseof', '-0.3', '-i', file, '-vf', `crop=8:8:${x}:${y},scale=1:1,format=rgb24`],
    ...['-frames:v', '1', '-f', 'rawvideo', 'pipe:1'],
  ]);
  const [r, g, b] = [...rgb].map((value) => value > 128);
  return r && !g && !b ? 'red' : b && !r && !g ? 'blue' : !r && !g && !b ? 'black' : `${[...rgb].join(' ')}`;
}

/** Mean loudness in dB of a band around a tone. */
function loudness(file: string, hertz: number): number {
  const { stderr } = {
    stderr: execFileSync('sh', [
      '-c',
      `ffmpeg -hide_banner -i "${file}" -vn -af "bandpass=f=${hertz}:width_type=h:w=60,volumedetect" -f null - 2>&1`,
    ]).toString(),
  };
  return Number(/mean_volume: (-?[\d.]+) dB/.exec(stderr)?.[1]);
}

async function openStage(encodingCores: number, wish?: StageWish) {
  media = await openTestMedia({ encodingCores, busyCores: () => 0 });
  const broadcast = await media.plane.openBroadcast({ id: 'stage' });
  if (wish) broadcast.setStage(wish);
  const live = nextEvent(broadcast, 'live');
  await broadcast.playClip({ peerId: 'red', file: red });
  await live;
  return broadcast;
}

const pictures = [
  { peerId: 'red', source: 'camera' },
  { peerId: 'blue', source: 'camera' },
] as StageWish['pictures'];

const init = (broadcast: BroadcastMedia, width: number, after = 0) =>
  nextEvent(broadcast, 'initWritten', {
    where: (one) => one.width === width && one.initIndex > after,
    withinMs: 8000,
  });

test(
  'two pictures side by side and in the corner, both sounds, and back to one copied',
  { timeout: 60_000 },
  async () => {
    const broadcast = await openStage(2);
    const shown: BroadcastEvents['stageChanged'][] = [];
    broadcast.on('stageChanged', (stage) => shown.push(stage));
    const composed = init(broadcast, 1280);
    broadcast.setStage({ layout: 'side-by-side', pictures });
    await broadcast.playClip({ peerId: 'blue', file: blue });
    const beside = await composed;
    await wait(3000);
    const corner = init(broadcast, 1280, beside.initIndex);
    broadcast.setStage({ layout: 'picture-in-picture', pictures: pictures.toReversed() });
    const inCorner = await corner;
    await wait(3000);
    const alone = init(broadcast, 640, inCorner.initIndex);
    broadcast.setStage({ layout: 'one', pictures: [pictures[0]!] });
    const last = await alone;
    await wait(1500);
    expect(broadcast.state).toBe('live');
    expect(media.plane.counters().ffmpegDeaths).toBe(0);
    const recording = await broadcast.end('over');

    expect(shown.map(({ layout, lacking }) => [layout, lacking])).toEqual([
      ['one', 'not-published'],
      ['side-by-side', null],
      ['picture-in-picture', null],
      ['one', null],
    ]);
    const side = joinEpoch(media.storageDir, recording, beside.initIndex);
    expect([colourAt(side, 300, 360), colourAt(side, 960, 360), colourAt(side, 300, 40)]).toEqual([
      'red',
      'blue',
      'black',
    ]);
    const pip = joinEpoch(media.storageDir, recording, inCorner.initIndex);
    expect([colourAt(pip, 300, 300), colourAt(pip, 1100, 600)]).toEqual(['blue', 'red']);
    for (const film of [side, pip]) {
      expect(loudness(film, 300)).toBeGreaterThan(-25);
      expect(loudness(film, 2000)).toBeGreaterThan(-25);
    }
    for (const { initIndex } of recording.inits)
      expect(decodeErrors(media.storageDir, recording, initIndex)).toBe('');
    const [video, sound] = probeEpoch(media.storageDir, recording, beside.initIndex);
    // A machine that is short of CPU leaves frames out, and never time.
    expect(video!.frames).toBeLessThan(video!.durationSeconds * 25 + 3);
    expect(video!.frames).toBeGreaterThan(video!.durationSeconds * 8);
    expect(Math.abs(sound!.durationSeconds - video!.durationSeconds)).toBeLessThan(0.2);
    expect(colourAt(joinEpoch(media.storageDir, recording, last.initIndex), 300, 200)).toBe('red');
    expectUnbroken(recording);
  },
);

/** One epoch follows on the other: nothing is lost where the source changes. */
function expectUnbroken({ segments }: Recording): void {
  for (const [index, segment] of segments.slice(1).entries()) {
    const before = segments[index]!;
    const gap = Date.parse(segment.programDateTime) - Date.parse(before.programDateTime) - before.durationMs;
    expect(Math.abs(gap), `before segment ${segment.sequence}`).toBeLessThan(130);
  }
}

test('without room for an encoder the first picture is shown alone, and the host is told', async () => {
  const broadcast = await openStage(0);
  const refused = nextEvent(broadcast, 'encodingRefused');
  const shown = nextEvent(broadcast, 'stageChanged', { where: ({ lacking }) => lacking === 'no-cpu' });
  broadcast.setStage({ layout: 'side-by-side', pictures });
  await broadcast.playClip({ peerId: 'blue', file: blue });
  expect(await refused).toMatchObject({ what: 'layout', producerId: null });
  expect(await shown).toEqual({ layout: 'one', pictures: [pictures[0]], lacking: 'no-cpu' });
  await wait(1500);
  const recording = await broadcast.end('over');
  expect(recording.inits.every(({ width }) => width === 640)).toBe(true);
  const lastInit = recording.inits.at(-1)!.initIndex;
  expect(colourAt(joinEpoch(media.storageDir, recording, lastInit), 300, 200)).toBe('red');
});
