import { createServer, type AddressInfo } from 'node:net';
import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, test } from 'vitest';
import type { Broadcast } from '../../../../media/broadcast.ts';
import type { BroadcastMedia, EncoderAdmission, EncoderState } from '../../../../media/contract.ts';
import { AUDIO_TAG, VIDEO_TAG, type FlvTag } from '../../../../media/ingest/rtmp/flv.ts';
import { pushTo, type EncoderSettings, type TestEncoder } from '../../../support/encoder.ts';
import { eventually } from '../../../support/live-hub.ts';
import {
  childPids,
  childProcesses,
  nextEvent,
  openTestMedia,
  wait,
  type TestMedia,
} from '../../../support/open-media.ts';
import { decodeErrors, joinEpoch, loudTenths, pictureTimesMs } from '../../../support/probe-media.ts';

const KEY = 'a-key_for-tests';
let media: TestMedia | null = null;
let encoders: TestEncoder[] = [];
let seen: EncoderState[] = [];
let gone: EncoderAdmission[] = [];

afterEach(async () => {
  await Promise.all(encoders.map((encoder) => encoder.kill()));
  await media?.close();
  media = null;
  [encoders, seen, gone] = [[], [], []];
});

async function openStudio(encodingCores = 1) {
  media = await openTestMedia({ rtmpPort: 0, encodingCores, busyCores: () => 0 });
  const { plane } = media;
  let admissions = 0;
  plane.admitEncoders({
    admit: async ({ streamKey }) => {
      admissions += 1;
      return streamKey === KEY ? { broadcastId: 'b1', peerId: `encoder-${admissions}` } : undefined;
    },
    seen: (_, state) => seen.push(state),
    gone: (admission) => gone.push(admission),
  });
  const broadcast = await plane.openBroadcast({ id: 'b1' });
  return { plane, broadcast };
}

function push(settings: EncoderSettings = {}, key = KEY): TestEncoder {
  const encoder = pushTo(`rtmp://127.0.0.1:${media!.plane.rtmpPort}/live/${key}`, settings);
  encoders.push(encoder);
  return encoder;
}

const RELAY = /ffmpeg.*-f flv -i pipe:0/;
const codes = () => seen.at(-1)?.advice.map(({ code }) => code);

test('an encoder is live, its picture is copied, its end interrupts and its return resumes', async () => {
  const { broadcast } = await openStudio();
  const live = nextEvent(broadcast, 'live');
  const first = push();
  await live;
  expect(broadcast.producers().map(({ kind, source, peerId }) => [kind, source, peerId])).toEqual([
    ['video', 'camera', 'encoder-1'],
    ['audio', 'microphone', 'encoder-1'],
  ]);
  await eventually(
    () => seen.at(-1)?.facts.video?.keyframeSeconds,
    (seconds) => seconds === 2,
  );
  expect(seen.at(-1)?.facts).toMatchObject({
    video: { codec: 'h264', profile: 66, width: 320, height: 180, bFrames: false },
    audio: { codec: 'aac' },
  });
  expect(codes()).toEqual([]);

  const interrupted = nextEvent(broadcast, 'interrupted');
  await first.kill();
  await interrupted;
  await eventually(
    () => gone,
    (left) => left.length === 1,
  );
  expect(gone).toEqual([{ broadcastId: 'b1', peerId: 'encoder-1' }]);
  const resumed = nextEvent(broadcast, 'resumed');
  push();
  await resumed;
  await nextEvent(broadcast, 'segmentClosed', {
    where: ({ discontinuitySequence }) => discontinuitySequence > 0,
  });
  const recording = await broadcast.end('over');
  expect(recording.inits.map(({ width, height }) => `${width}x${height}`)).toEqual(['320x180', '320x180']);
  for (const { initIndex } of recording.inits)
    expect(decodeErrors(media!.storageDir, recording, initIndex)).toBe('');
  // The end sends the second away too.
  await eventually(
    () => gone.length,
    (count) => count === 2,
  );
  expect(childPids(RELAY)).toEqual([]);
});

describe('what an encoder is told', () => {
  test('B-frames and rare keyframes', async () => {
    await openStudio(0);
    push({ bFrames: 2, keyframeSeconds: 10, sound: false });
    await eventually(codes, (told) => told?.length === 3);
    expect(codes()).toEqual(['b-frames', 'no-audio', 'keyframe-interval-long']);
    expect(seen.at(-1)?.advice[0]).toEqual({ code: 'b-frames', encodedAnew: false });
  });

  test('a codec that is not H.264 is refused', async () => {
    await openStudio();
    const encoder = push({ codec: 'flv1' });
    await encoder.ended;
    expect(seen.at(-1)?.advice).toEqual([{ code: 'codec-unsupported', codec: 'h263' }]);
    expect(gone).toHaveLength(1);
  });

  test.each([
    { colours: 'yuv422p', profile: 122 },
    { colours: 'yuv444p', profile: 244 },
    { colours: 'yuv420p10le', profile: 110 },
  ] as const)('colours that browsers do not decode ($colours) are refused', async ({ colours, profile }) => {
    const { broadcast } = await openStudio();
    const words = await push({ colours }).ended;
    expect(words).not.toBe('');
    expect(seen.at(-1)?.advice).toEqual([{ code: 'profile-unsupported', profile }]);
    await eventually(
      () => gone.length,
      (count) => count === 1,
    );
    expect([broadcast.state, broadcast.producers()]).toEqual(['waiting', []]);
  });
});

describe('a picture with B-frames', () => {
  /** Milliseconds between one picture and the next as the recording shows them, and what its decoder complains of. */
  async function recordedGaps(broadcast: BroadcastMedia): Promise<{ gaps: number[]; complaints: string }> {
    let closed = 0;
    await nextEvent(broadcast, 'segmentClosed', { where: () => ++closed === 2, withinMs: 15_000 });
    const recording = await broadcast.end('over');
    expect(recording.inits).toHaveLength(1);
    const { initIndex } = recording.inits[0]!;
    const times = pictureTimesMs(media!.storageDir, recording, initIndex);
    const gaps = times.slice(1).map((time, index) => time - times[index]!);
    return { gaps, complaints: decodeErrors(media!.storageDir, recording, initIndex) };
  }

  test('is encoded anew where there is room, evenly and from the first picture on', async () => {
    const { broadcast } = await openStudio();
    const live = nextEvent(broadcast, 'live');
    push({ bFrames: 2, kbps: 500 });
    await live;
    expect(childProcesses().filter((line) => RELAY.test(line))).toEqual([
      expect.stringMatching(/scale=320:180:.*-c:v libx264 .*-bf 0 -b:v \d{3}k/),
    ]);
    const { gaps, complaints } = await recordedGaps(broadcast);
    expect(complaints).toBe('');
    expect(gaps.length).toBeGreaterThan(50);
    expect(Math.max(...gaps)).toBeLessThan(100);
    expect(seen.at(-1)?.advice).toContainEqual({ code: 'b-frames', encodedAnew: true });
  });

  test('leaves its room to the next when it ends', async () => {
    // Enough for one of this size and not for two.
    const { broadcast } = await openStudio(0.1);
    const live = nextEvent(broadcast, 'live');
    const first = push({ bFrames: 2 });
    await live;
    await first.kill();
    await eventually(
      () => gone.length,
      (count) => count === 1,
    );
    const resumed = nextEvent(broadcast, 'resumed');
    push({ bFrames: 2 });
    await resumed;
    expect(seen.at(-1)?.advice).toContainEqual({ code: 'b-frames', encodedAnew: true });
  });

  test('is passed on as it is where there is none, and that is said', async () => {
    const { broadcast } = await openStudio(0);
    const refused = nextEvent(broadcast, 'encodingRefused');
    const live = nextEvent(broadcast, 'live');
    push({ bFrames: 2 });
    expect(await refused).toMatchObject({ producerId: null, what: 'codec', reason: expect.any(String) });
    await live;
    expect(childProcesses().filter((line) => RELAY.test(line))).toEqual([
      expect.stringContaining('-c:v copy'),
    ]);
    expect(Math.max(...(await recordedGaps(broadcast)).gaps)).toBeGreaterThan(100);
    expect(seen.at(-1)?.advice).toContainEqual({ code: 'b-frames', encodedAnew: false });
  });
});

test('sound without a picture is heard', async () => {
  const { broadcast } = await openStudio();
  const live = nextEvent(broadcast, 'live');
  push({ picture: false });
  await live;
  expect(broadcast.producers().map(({ kind }) => kind)).toEqual(['audio']);
});

test('sound that an encoder begins seconds after its picture joins it, and the picture goes on', async () => {
  const { plane, broadcast } = await openStudio();
  const producersClosed: string[] = [];
  broadcast.on('producerClosed', ({ producerId }) => producersClosed.push(producerId));
  const encoder = (broadcast as Broadcast).openEncoder({ peerId: 'late', onClosed: () => undefined });
  const soundFromMs = 2500;
  await playTags(makeFlv(5.5), (tag, now) => {
    if (tag.type === VIDEO_TAG || tag.timestampMs >= soundFromMs) encoder.take(tag, now);
  });
  expect(broadcast.producers().map(({ kind }) => kind)).toEqual(['video', 'audio']);
  expect(producersClosed).toEqual([]);
  expect(plane.counters().epochsStarted).toBe(1);
  const recording = await broadcast.end('over');
  const { initIndex } = recording.inits[0]!;
  expect(decodeErrors(media!.storageDir, recording, initIndex)).toBe('');
  const times = pictureTimesMs(media!.storageDir, recording, initIndex);
  expect(times.length).toBeGreaterThan(110);
  const gaps = times.slice(1).map((time, index) => time - times[index]!);
  expect(Math.max(...gaps)).toBeLessThan(150);
  const loud = loudTenths(joinEpoch(media!.storageDir, recording, initIndex));
  expect(loud.length).toBeGreaterThan(10);
  // By the pictures that were taken when the tone fell silent, once a second.
  const holes = loud.filter((tenth, index) => loud[index + 1]! > tenth + 2).map((tenth) => (tenth + 1) * 100);
  expect(holes.length).toBeGreaterThan(0);
  const quietMs = Array.from({ length: 5 }, (_, second) => times[((second + QUIET_FROM) * 1000) / FRAME_MS]!);
  for (const hole of holes) expect(Math.min(...quietMs.map((ms) => Math.abs(ms - hole)))).toBeLessThan(200);
});

const FRAME_MS = 40;
/** From here to the end of each second the tone of `makeFlv` is not heard. */
const QUIET_FROM = 0.6;

/** A picture and a tone as an encoder sends them; where the sound's description stands, it comes with the first sound. */
function makeFlv(seconds: number): FlvTag[] {
  const quiet = `volume=0:enable='gte(mod(t,1),${QUIET_FROM})'`;
  const file = execFileSync('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', `testsrc=size=320x180:rate=25:duration=${seconds}`],
    ...['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=44100:duration=${seconds},volume=4,${quiet}`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '50'],
    ...['-pix_fmt', 'yuv420p', '-profile:v', 'baseline', '-c:a', 'aac', '-f', 'flv', 'pipe:1'],
  ]);
  const tags: FlvTag[] = [];
  for (let at = 13; at < file.length;) {
    const size = file.readUIntBE(at + 1, 3);
    const timestampMs = file.readUIntBE(at + 4, 3) + file[at + 7]! * 2 ** 24;
    tags.push({ type: file[at]!, timestampMs, data: file.subarray(at + 11, at + 11 + size) });
    at += 11 + size + 4;
  }
  const isHeader = ({ type, data }: FlvTag) => type === AUDIO_TAG && data[1] === 0;
  const firstLate = tags.find(({ type, timestampMs }) => type === AUDIO_TAG && timestampMs >= 2500)!;
  return tags
    .map((tag) => (isHeader(tag) ? { ...tag, timestampMs: firstLate.timestampMs } : tag))
    .toSorted((a, b) => a.timestampMs - b.timestampMs);
}

/** Each tag at its time. */
async function playTags(tags: FlvTag[], take: (tag: FlvTag, now: number) => void): Promise<void> {
  const startedAt = Date.now();
  for (const tag of tags) {
    const early = startedAt + tag.timestampMs - Date.now();
    if (early > 0) await wait(early);
    take(tag, Date.now());
  }
}

test('a relay that dies is started again', async () => {
  const { broadcast } = await openStudio();
  const live = nextEvent(broadcast, 'live');
  push({ keyframeSeconds: 1 });
  await live;
  const [pid] = childPids(RELAY);
  const interrupted = nextEvent(broadcast, 'producerClosed');
  process.kill(pid!, 'SIGKILL');
  await interrupted;
  await nextEvent(broadcast, 'partDurable', { where: ({ independent }) => independent });
  expect(childPids(RELAY)).not.toEqual([pid]);
});

test('an encoder goes on through the death of the media worker, without connecting again', async () => {
  const { broadcast } = await openStudio();
  const live = nextEvent(broadcast, 'live');
  push({ keyframeSeconds: 1 });
  await live;
  const resumed = nextEvent(broadcast, 'resumed', { withinMs: 15_000 });
  process.kill(childPids(/mediasoup-worker/)[0]!, 'SIGKILL');
  await resumed;
  expect(broadcast.producers().map(({ peerId }) => peerId)).toEqual(['encoder-1', 'encoder-1']);
  expect(gone).toEqual([]);
});

test('sent away by the server, it is told why', async () => {
  const { plane, broadcast } = await openStudio();
  const live = nextEvent(broadcast, 'live');
  const encoder = push();
  await live;
  plane.disconnectEncoder('encoder-1', 'The key was changed');
  await encoder.ended;
  // It hears of it before its relay has ended.
  await eventually(
    () => broadcast.producers(),
    (left) => left.length === 0,
  );
});

test('a busy port says what to do', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await expect(openTestMedia({ rtmpPort: port })).rejects.toMatchObject({
    code: 'rtmp-port-busy',
    message: expect.stringContaining('RTMP_PORT'),
  });
  server.close();
});
