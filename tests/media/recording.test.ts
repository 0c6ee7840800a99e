import { readFile, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { BroadcastMedia, SegmentRecord } from '../../media/contract.ts';
import {
  childPids,
  nextEvent,
  openTestMedia,
  testClip,
  wait,
  type TestMedia,
} from '../support/open-media.ts';
import { decodeErrors, probeEpoch } from '../support/probe-media.ts';

let media: TestMedia;
let clip: string;

beforeAll(async () => {
  clip = await testClip();
});
beforeEach(async () => {
  media = await openTestMedia();
});
afterEach(async () => {
  await media.close();
});

async function playUntilLive(id = 'b1'): Promise<BroadcastMedia> {
  const broadcast = await media.plane.openBroadcast({ id });
  const live = nextEvent(broadcast, 'live');
  await broadcast.playClip({ peerId: 'clip', file: clip });
  await live;
  return broadcast;
}

describe('a clip as publisher', () => {
  test('is live within 1.5 s of the first picture and recorded exactly', async () => {
    const broadcast = await media.plane.openBroadcast({ id: 'b1' });
    const announced: SegmentRecord[] = [];
    const parts: { durationMs: number; sequence: number }[] = [];
    broadcast.on('segmentClosed', (segment) => announced.push(segment));
    broadcast.on('partDurable', (part) => parts.push(part));
    expect(broadcast.state).toBe('waiting');
    const live = nextEvent(broadcast, 'live');
    await broadcast.playClip({ peerId: 'clip', file: clip });
    const { at } = await live;
    await wait(9000);
    const recording = await broadcast.end('over');

    expect(announced).toEqual(recording.segments);
    expect(recording.segments.map(({ sequence }) => sequence)).toEqual(
      recording.segments.map((_, index) => index),
    );
    expect(at - Date.parse(recording.segments[0]!.programDateTime)).toBeLessThan(1500);
    for (const segment of recording.segments) {
      expect((await stat(join(media.storageDir, segment.file))).size).toBe(segment.byteLength);
      expect(segment.keyframeAligned).toBe(true);
    }
    // The clip has a keyframe every two seconds, and loops after six.
    for (const { durationMs } of recording.segments.slice(0, -1))
      expect(Math.abs(durationMs - 2000)).toBeLessThan(60);
    const lastOfSegment = new Map(parts.map((part, index) => [part.sequence, index]));
    const inner = parts.filter((part, index) => lastOfSegment.get(part.sequence) !== index);
    for (const { durationMs } of inner) expect(durationMs).toBeGreaterThanOrEqual(0.85 * 310);
    for (const { durationMs } of parts) expect(durationMs).toBeLessThanOrEqual(310);

    const recordedSeconds = recording.segments.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000;
    expect(recordedSeconds).toBeGreaterThan(8.5);
    const [video, audio] = probeEpoch(media.storageDir, recording, 0);
    expect(video).toMatchObject({ codec: 'h264' });
    expect(audio).toMatchObject({ codec: 'aac' });
    expect(Math.abs(video!.durationSeconds - recordedSeconds)).toBeLessThan(0.1);
    expect(Math.abs(audio!.durationSeconds - video!.durationSeconds)).toBeLessThan(0.15);
    expect(Math.abs(video!.frames - recordedSeconds * 25)).toBeLessThan(3);
    expect(decodeErrors(media.storageDir, recording, 0)).toBe('');
    expect(media.plane.counters()).toMatchObject({
      openBroadcasts: 0,
      openFfmpeg: 0,
      droppedFrames: 0,
      ffmpegDeaths: 0,
    });
  });

  test('sound alone is shown with a plain picture, and a picture alone has silence', async () => {
    const broadcast = await playUntilLive();
    const [video, audio] = ['video', 'audio'].map((kind) =>
      broadcast.producers().find((one) => one.kind === kind)!,
    );
    const plain = nextEvent(broadcast, 'initWritten', { where: ({ initIndex }) => initIndex === 1 });
    await broadcast.pauseProducer({ peerId: 'clip', producerId: video!.producerId });
    expect(await plain).toMatchObject({ width: 640, height: 360 });
    await wait(2500);
    const back = nextEvent(broadcast, 'initWritten', { where: ({ initIndex }) => initIndex === 2 });
    await broadcast.resumeProducer({ peerId: 'clip', producerId: video!.producerId });
    await broadcast.pauseProducer({ peerId: 'clip', producerId: audio!.producerId });
    await back;
    await wait(3000);
    expect(broadcast.state).toBe('live');
    const recording = await broadcast.end('over');
    for (const initIndex of [1, 2]) {
      const [picture, sound] = probeEpoch(media.storageDir, recording, initIndex);
      expect(picture!.durationSeconds).toBeGreaterThan(1.5);
      expect(Math.abs(sound!.durationSeconds - picture!.durationSeconds)).toBeLessThan(0.25);
      expect(decodeErrors(media.storageDir, recording, initIndex)).toBe('');
    }
  });
});

test('of two who publish the newer is recorded, and the older again when the newer goes', async () => {
  const broadcast = await playUntilLive();
  const other = await broadcast.playClip({ peerId: 'other', file: clip });
  await wait(4500);
  // In the middle of a group of pictures: what follows refers to pictures that were not recorded.
  await other.close('the screen is shared no more');
  await wait(3500);
  const recording = await broadcast.end('over');
  const recordedSeconds = recording.segments.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000;
  expect(recordedSeconds).toBeGreaterThan(7);
  for (const { initIndex } of recording.inits)
    expect(decodeErrors(media.storageDir, recording, initIndex)).toBe('');
  expect(media.plane.counters().ffmpegDeaths).toBe(0);
});

describe('bad days', () => {
  test('a killed ffmpeg is replaced, the class goes on after a discontinuity', async () => {
    const broadcast = await playUntilLive();
    await wait(2500);
    const interrupted = nextEvent(broadcast, 'interrupted');
    const resumed = nextEvent(broadcast, 'resumed');
    const [recorder] = childPids(/matroska/);
    process.kill(recorder!, 'SIGKILL');
    expect((await interrupted).reason).toBe('ffmpeg-died');
    await resumed;
    await wait(2200);
    const recording = await broadcast.end('over');
    expect(recording.inits).toHaveLength(2);
    expect(recording.segments.map(({ sequence }) => sequence)).toEqual(
      recording.segments.map((_, index) => index),
    );
    for (const initIndex of [0, 1]) expect(decodeErrors(media.storageDir, recording, initIndex)).toBe('');
    expect(media.plane.counters().ffmpegDeaths).toBe(1);
    expect(media.logged.join()).toContain('ffmpeg ended unexpectedly');
  });

  test('an ffmpeg that hangs is killed and replaced', async () => {
    const broadcast = await playUntilLive();
    const interrupted = nextEvent(broadcast, 'interrupted', { withinMs: 15_000 });
    const resumed = nextEvent(broadcast, 'resumed', { withinMs: 20_000 });
    process.kill(childPids(/matroska/)[0]!, 'SIGSTOP');
    expect((await interrupted).reason).toBe('ffmpeg-died');
    await resumed;
    await broadcast.end('over');
  });

  test('a killed worker is replaced, the clip rejoins by itself', async () => {
    const broadcast = await playUntilLive();
    await wait(1000);
    const interrupted = nextEvent(broadcast, 'interrupted');
    const rejoin = nextEvent(broadcast, 'workerDied');
    const resumed = nextEvent(broadcast, 'resumed', { withinMs: 15_000 });
    const [worker] = childPids(/mediasoup-worker/);
    process.kill(worker!, 'SIGKILL');
    expect((await interrupted).reason).toBe('worker-died');
    expect((await rejoin).routerRtpCapabilities.codecs?.length).toBeGreaterThan(1);
    await resumed;
    expect(media.plane.readiness()).toMatchObject({ ready: true, workersAlive: 1 });
    await wait(1000);
    const recording = await broadcast.end('over');
    expect(recording.inits).toHaveLength(2);
    expect(media.plane.counters().workerDeaths).toBe(1);
  });

  test('silence interrupts after three seconds and closes the segment', async () => {
    const broadcast = await playUntilLive();
    await wait(1000);
    const interrupted = nextEvent(broadcast, 'interrupted');
    const closed = nextEvent(broadcast, 'segmentClosed', { where: ({ sequence }) => sequence >= 0 });
    // Stopped and not killed: no RTP comes, and nothing says why.
    const [publisher] = childPids(/stream_loop/);
    process.kill(publisher!, 'SIGSTOP');
    const stoppedAt = Date.now();
    const { at, reason } = await interrupted;
    expect(reason).toBe('silence');
    expect(at - stoppedAt).toBeGreaterThan(2700);
    expect(at - stoppedAt).toBeLessThan(3600);
    await closed;
    expect(broadcast.state).toBe('interrupted');
    const resumed = nextEvent(broadcast, 'resumed');
    process.kill(publisher!, 'SIGCONT');
    await resumed;
    await broadcast.end('over');
  });

  test('a half-written segment is cut to its last whole part, and the broadcast goes on at the next sequence', async () => {
    const broadcast = await playUntilLive('crashed');
    await wait(5200);
    const recording = await broadcast.close('simulated crash').then(() => broadcast.end('read'));
    const last = recording.segments.at(-1)!;
    // As a SIGKILL in the middle of a write would leave it, with the row of the open segment never written.
    const path = join(media.storageDir, last.file);
    const cutTo = last.byteLength - 700;
    await truncate(path, cutTo);
    const known = { inits: recording.inits, segments: recording.segments.slice(0, -1) };

    const found = await media.plane.recoverRecording('crashed', known);
    expect(found.inits).toEqual([]);
    const [recovered] = found.segments;
    expect(recovered).toMatchObject({
      sequence: last.sequence,
      initIndex: 0,
      programDateTime: last.programDateTime,
    });
    expect(recovered!.byteLength).toBeLessThanOrEqual(cutTo);
    expect((await stat(path)).size).toBe(recovered!.byteLength);
    expect(last.durationMs - recovered!.durationMs).toBeLessThanOrEqual(330);
    expect(recovered!.keyframeAligned).toBe(true);
    expect(await media.plane.recoverRecording('crashed', known)).toEqual(found);

    const resume = { inits: known.inits, segments: [...known.segments, recovered!] };
    const again = await media.plane.openBroadcast({ id: 'crashed', resume });
    expect(again.state).toBe('interrupted');
    const resumed = nextEvent(again, 'resumed');
    await again.playClip({ peerId: 'clip', file: clip });
    await resumed;
    const playlist = await again.hls.awaitPlaylist();
    const body = playlist.kind === 'playlist' ? playlist.body : '';
    expect(body).toContain('#EXT-X-MEDIA-SEQUENCE:0');
    expect(body.match(/#EXT-X-DISCONTINUITY\n/g)).toHaveLength(1);
    expect(body).toContain('URI="init-1.mp4"');
    const whole = await again.end('over');
    expect(whole.segments.map(({ sequence }) => sequence)).toEqual(whole.segments.map((_, index) => index));
    for (const initIndex of [0, 1]) expect(decodeErrors(media.storageDir, whole, initIndex)).toBe('');
  });

  test('rows that were lost are found again from the files alone', async () => {
    const broadcast = await playUntilLive('lost');
    await wait(4500);
    const recording = await broadcast.end('over');
    const found = await media.plane.recoverRecording('lost', { inits: [], segments: [] });
    expect(found.inits).toEqual(recording.inits);
    expect(found.segments.map(({ file, byteLength }) => ({ file, byteLength }))).toEqual(
      recording.segments.map(({ file, byteLength }) => ({ file, byteLength })),
    );
    found.segments.forEach((segment, index) => {
      expect(Math.abs(segment.durationMs - recording.segments[index]!.durationMs)).toBeLessThan(60);
    });
    expect((await readFile(join(media.storageDir, recording.inits[0]!.file))).length).toBe(
      recording.inits[0]!.byteLength,
    );
  });
});
