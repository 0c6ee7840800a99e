import { connect, createServer, type AddressInfo } from 'node:net';
import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import type { BroadcastMedia, EncoderAdmission, EncoderState } from '../../../../media/contract.ts';
import { pushTo, type EncoderSettings, type TestEncoder } from '../../../support/encoder.ts';
import { eventually } from '../../../support/live-hub.ts';
import {
  childPids,
  childProcesses,
  nextEvent,
  openTestMedia,
  type TestMedia,
} from '../../../support/open-media.ts';
import { decodeErrors, pictureTimesMs } from '../../../support/probe-media.ts';

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

test('a wrong key, another address and a player are sent away', async () => {
  const { broadcast } = await openStudio();
  const words = await push({}, 'another-key').ended;
  expect(words).toMatch(/BadName|I\/O error|Operation not permitted/);
  const stray = pushTo(`rtmp://127.0.0.1:${media!.plane.rtmpPort}/other/${KEY}`);
  encoders.push(stray);
  await stray.ended;
  expect(broadcast.producers()).toEqual([]);
  expect(gone).toEqual([]);
});

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

test('garbage on the port harms nobody', async () => {
  const { plane, broadcast } = await openStudio();
  const live = nextEvent(broadcast, 'live');
  push();
  await live;
  const handshake = Buffer.concat([Buffer.from([3]), randomBytes(1536), randomBytes(1536)]);
  const bodies = Array.from({ length: 150 }, (_, index) => {
    const noise = randomBytes(1 + ((index * 97) % 3000));
    if (index % 3 === 0) return noise;
    if (index % 3 === 1) return handshake.subarray(0, (index * 53) % handshake.length);
    // A well-formed message header with a body that is none.
    const header = Buffer.from([3, 0, 0, 0, 0, 0, 100, [20, 17, 18, 1, 8, 9][index % 6]!, 0, 0, 0, 0]);
    return Buffer.concat([handshake, header, noise]);
  });
  await Promise.all(bodies.map((body) => sendRaw(plane.rtmpPort!, body)));
  expect(broadcast.state).toBe('live');
  expect(plane.readiness()).toMatchObject({ ready: true });
  expect(gone).toEqual([]);
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

/** Sends it, hangs up and waits until the hub has done so too. */
function sendRaw(port: number, body: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(body));
    socket.resume();
    // Cut off in the middle of what it sends.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => resolve());
  });
}
