import { execFileSync } from 'node:child_process';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { plainPictureArguments } from '../../../media/process/ffmpeg-arguments.ts';
import { runFfmpeg } from '../../../media/process/run-ffmpeg.ts';
import { splitPictures } from '../../../media/tap/annex-b.ts';
import { Epoch, type Fragment } from '../../../media/tap/epoch.ts';
import type { VideoFrame } from '../../../media/tap/frames.ts';
import { OPUS_SILENCE } from '../../../media/tap/opus.ts';
import { PlainPicture } from '../../../media/tap/plain-picture.ts';
import { loudTenths } from '../../support/probe-media.ts';

const SOUND_MS = 20;
const PICTURE_MS = 100;
const START_MS = 1_000_000_000_000;

/** Pictures of two seconds, a keyframe first, and a tone of one second in Opus packets of 20 ms. */
let pictures: VideoFrame[];
let tone: Buffer[];
let epoch: Epoch | null = null;

beforeAll(async () => {
  const plain = new PlainPicture(splitPictures(await runFfmpeg('ffmpeg', plainPictureArguments())));
  pictures = [...plain.due(0), ...plain.due(1900)];
  tone = opusPackets(
    execFileSync('ffmpeg', [
      ...['-v', 'error', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000:duration=1,volume=4'],
      ...['-c:a', 'libopus', '-b:a', '32k', '-f', 'ogg', 'pipe:1'],
    ]),
  );
});
afterEach(() => epoch?.finish());

/** The packets of an Ogg stream (RFC 3533 6), without the two that describe it. */
function opusPackets(ogg: Buffer): Buffer[] {
  const packets: Buffer[] = [];
  let parts: Buffer[] = [];
  for (let page = 0; page < ogg.length;) {
    const lengths = ogg.subarray(page + 27, page + 27 + ogg[page + 26]!);
    let at = page + 27 + lengths.length;
    for (const length of lengths) {
      parts.push(ogg.subarray(at, at + length));
      at += length;
      if (length === 255) continue;
      packets.push(Buffer.concat(parts));
      parts = [];
    }
    page = at;
  }
  return packets.slice(2);
}

interface Run {
  epoch: Epoch;
  /** Resolves with whether it was asked for. */
  end: Promise<boolean>;
  fragments: Fragment[];
  /** What came so far, as a file. */
  film: () => Buffer;
  /** Resolves with the first fragment that ends at or after so many milliseconds. */
  until: (ms: number) => Promise<void>;
}

function start(sounds: number): Run {
  const fragments: Fragment[] = [];
  const waiting = new Set<() => void>();
  let init = Buffer.alloc(0);
  const end = Promise.withResolvers<boolean>();
  const running = new Epoch({
    ...{ number: 0, ffmpegPath: 'ffmpeg', partSeconds: 0.3, graceMs: 5000, segmentSeconds: 2 },
    ...{ picture: pictures[0]!.picture!, sounds, startMs: START_MS },
    onInit: ({ bytes }) => (init = Buffer.from(bytes)),
    onFragment: (fragment) => {
      fragments.push(fragment);
      for (const look of waiting) look();
    },
    onEnd: ({ wanted }) => end.resolve(wanted),
  });
  epoch = running;
  const until = (ms: number) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!fragments.some(({ startMs, durationMs }) => startMs + durationMs >= START_MS + ms)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  const film = () => Buffer.concat([init, ...fragments.map(({ bytes }) => bytes)]);
  return { epoch: running, end: end.promise, fragments, film, until };
}

/** Pictures, and the sounds that `soundAt` names, between two times of the epoch. */
function feed(
  to: Epoch,
  [fromMs, untilMs]: [number, number],
  soundAt: (atMs: number, sound: number) => { atMs: number; opus: Buffer } | null,
): void {
  for (let ms = fromMs; ms < untilMs; ms += SOUND_MS) {
    for (let sound = 0; sound < to.sounds; sound += 1) {
      const one = soundAt(ms, sound);
      if (one) to.writeSound(START_MS + one.atMs, sound, one.opus);
    }
    const picture = pictures[(ms / PICTURE_MS) % pictures.length]!;
    if (ms % PICTURE_MS === 0) to.writePicture({ ...picture, atMs: START_MS + ms });
    to.flushSound();
  }
}

/** When each frame of a film's sound begins, in seconds. */
function soundTimes(film: Buffer): number[] {
  const out = execFileSync(
    'ffprobe',
    [
      ...['-v', 'quiet', '-select_streams', 'a', '-show_entries', 'packet=dts_time', '-of', 'csv=p=0'],
      ...['-i', 'pipe:0'],
    ],
    { input: film },
  );
  return out.toString().trim().split(/\s+/).map(Number.parseFloat);
}

// What was heard of a class: its sound stood still for as long as the epoch had lasted, and stayed so far behind.
test.each([
  ['the only sound', 1, 0],
  ['the first of four', 4, 0],
  ['another of four', 4, 2],
])(
  'sound that drifts for the first time after seconds stays in its place: %s',
  async (_, sounds, drifting) => {
    const { epoch: running, end, film, until } = start(sounds);
    const driftsAtMs = 6000;
    const [toneFromMs, toneUntilMs] = [7000, 7500];
    feed(running, [0, 9000], (ms, sound) => {
      if (sound !== drifting) return { atMs: ms, opus: OPUS_SILENCE };
      // A first hole is filled otherwise than a drift, and leaves the resampler off.
      if (ms > 0 && ms < 200) return null;
      const loud = ms >= toneFromMs && ms < toneUntilMs;
      return {
        atMs: ms >= driftsAtMs ? ms + 3 : ms,
        opus: loud ? tone[(ms / SOUND_MS) % tone.length]! : OPUS_SILENCE,
      };
    });
    await until(8500);
    const times = soundTimes(film());
    expect(times.at(-1)).toBeGreaterThan(8);
    const stepsMs = times.slice(1).map((time, index) => (time - times[index]!) * 1000);
    expect(Math.min(...stepsMs)).toBeGreaterThan(21);
    expect(Math.max(...stepsMs)).toBeLessThan(22);
    const loud = loudTenths(film());
    expect(loud[0]).toBeGreaterThanOrEqual(69);
    expect(loud[0]).toBeLessThanOrEqual(71);
    expect(loud.at(-1)).toBeLessThanOrEqual(76);
    expect(loud.length).toBeGreaterThanOrEqual(4);
    await running.finish();
    expect(await end).toBe(true);
  },
);

test(
  'an epoch whose sound stays seconds behind its pictures is ended, and not before',
  { timeout: 10_000 },
  async () => {
    const { epoch: running, end, until, fragments } = start(2);
    feed(running, [0, 1000], (ms) => ({ atMs: ms, opus: OPUS_SILENCE }));
    await until(500);
    running.endIfHanging(0);
    // One of the sounds stops for good, and the mix waits for it.
    feed(running, [1000, 5000], (ms, sound) => (sound === 0 ? { atMs: ms, opus: OPUS_SILENCE } : null));
    await until(4500);
    running.endIfHanging(0);
    running.endIfHanging(4900);
    feed(running, [5000, 6000], (ms, sound) => (sound === 0 ? { atMs: ms, opus: OPUS_SILENCE } : null));
    await until(5500);
    running.endIfHanging(5100);
    expect(await end).toBe(false);
    expect(fragments.length).toBeGreaterThan(15);
  },
);

test('an epoch whose sound comes late but comes is left alone', async () => {
  const { epoch: running, end, until } = start(2);
  feed(running, [0, 1000], (ms) => ({ atMs: ms, opus: OPUS_SILENCE }));
  await until(500);
  feed(running, [1000, 4500], (ms, sound) => (sound === 0 ? { atMs: ms, opus: OPUS_SILENCE } : null));
  await until(4000);
  running.endIfHanging(0);
  for (let ms = 1000; ms < 4500; ms += SOUND_MS) running.writeSound(START_MS + ms, 1, OPUS_SILENCE);
  feed(running, [4500, 7000], (ms) => ({ atMs: ms, opus: OPUS_SILENCE }));
  await until(6500);
  running.endIfHanging(3000);
  running.endIfHanging(9000);
  await running.finish();
  expect(await end).toBe(true);
});
