import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  nextEvent,
  openTestMedia,
  testClip,
  wait,
  workerBinary,
  type TestMedia,
} from '../support/open-media.ts';
import { decodeErrors } from '../support/probe-media.ts';

let media: TestMedia | null = null;
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'xiangbo-plane-'));
});
afterEach(async () => {
  await media?.close();
  media = null;
  await rm(directory, { recursive: true, force: true });
});

describe('what is wrong is said', () => {
  test('ffmpeg missing', async () => {
    await expect(openTestMedia({ ffmpegPath: '/nowhere/ffmpeg' })).rejects.toMatchObject({
      code: 'ffmpeg-missing',
      message: expect.stringContaining('apt-get install'),
    });
  });

  test('the worker missing', async () => {
    await expect(openTestMedia({ workerBin: '/nowhere/worker' })).rejects.toMatchObject({
      code: 'worker-missing',
    });
  });

  test('the media port busy', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await expect(openTestMedia({ rtcPort: port })).rejects.toMatchObject({
      code: 'rtc-port-busy',
      message: expect.stringContaining(String(port)),
    });
    server.close();
  });

  test('a clip that is none, an id that is a path, a broadcast that is open', async () => {
    media = await openTestMedia();
    const broadcast = await media.plane.openBroadcast({ id: 'b1' });
    await expect(broadcast.playClip({ peerId: 'c', file: '/etc/hostname' })).rejects.toMatchObject({
      code: 'unsupported-clip',
    });
    await expect(broadcast.playClip({ peerId: 'c', file: '/nowhere' })).rejects.toMatchObject({
      code: 'unsupported-clip',
    });
    const withBFrames = join(directory, 'b-frames.mp4');
    execFileSync('ffmpeg', [
      ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=s=320x180:r=25:d=1', '-f', 'lavfi', '-i', 'sine=d=1'],
      ...['-c:v', 'libx264', '-bf', '2', '-c:a', 'aac', withBFrames],
    ]);
    await expect(broadcast.playClip({ peerId: 'c', file: withBFrames })).rejects.toMatchObject({
      code: 'unsupported-clip',
      message: expect.stringContaining('B-frames'),
    });
    await expect(media.plane.openBroadcast({ id: 'b1' })).rejects.toMatchObject({ code: 'broadcast-open' });
    await expect(media.plane.openBroadcast({ id: '../b' })).rejects.toMatchObject({ code: 'bad-parameters' });
    await expect(
      broadcast.connectTransport({ peerId: 'p', transportId: 't', dtlsParameters: { fingerprints: [] } }),
    ).rejects.toMatchObject({ code: 'unknown-transport' });
    await broadcast.end('over');
    await expect(broadcast.createTransport({ peerId: 'p', direction: 'send' })).rejects.toMatchObject({
      code: 'closed',
    });
  });
});

test("H.264 is offered before VP8, with Opus, and browsers are not asked to leave a phone's picture lying", async () => {
  media = await openTestMedia();
  const { codecs, headerExtensions } = (await media.plane.openBroadcast({ id: 'b1' })).routerRtpCapabilities;
  expect(codecs?.map(({ mimeType }) => mimeType)).toEqual([
    ...['audio/opus', 'video/H264', 'video/rtx'],
    ...['video/VP8', 'video/rtx'],
  ]);
  const extensions = headerExtensions?.map(({ uri }) => uri) ?? [];
  expect(extensions).not.toContain('urn:3gpp:video-orientation');
  expect(extensions).toContain('urn:ietf:params:rtp-hdrext:sdes:mid');
});

test('transports announce the port and the address that were asked for', async () => {
  media = await openTestMedia({ announcedAddress: '192.0.2.7' });
  const broadcast = await media.plane.openBroadcast({ id: 'b1' });
  const { iceCandidates } = await broadcast.createTransport({ peerId: 'p', direction: 'recv' });
  expect(iceCandidates.map(({ protocol, address }) => `${protocol} ${address}`).sort()).toEqual([
    'tcp 192.0.2.7',
    'udp 192.0.2.7',
  ]);
  expect(media.plane.counters()).toMatchObject({ openBroadcasts: 1, openTransports: 1 });
  broadcast.closePeer('p');
  expect(media.plane.counters()).toMatchObject({ openTransports: 0 });
});

test('a storage that cannot be written is told to whoever asks, and the class goes on', async () => {
  media = await openTestMedia({ storageDir: directory });
  await writeFile(join(directory, 'broadcasts'), 'a file where the folder should be');
  const broadcast = await media.plane.openBroadcast({ id: 'b1' });
  await broadcast.playClip({ peerId: 'clip', file: await testClip() });
  const deadline = Date.now() + 15_000;
  while (media.plane.readiness().ready && Date.now() < deadline) await wait(50);
  expect(media.plane.readiness()).toMatchObject({
    ready: false,
    problems: [expect.stringContaining('init segment failed')],
  });
  expect(broadcast.state).toBe('waiting');
  expect(broadcast.producers()).toHaveLength(2);
});

test('after the grace time without media the server is told', async () => {
  media = await openTestMedia({ graceSeconds: 0.5 });
  const broadcast = await media.plane.openBroadcast({ id: 'b1' });
  const live = nextEvent(broadcast, 'live');
  const clip = await broadcast.playClip({ peerId: 'clip', file: await testClip() });
  await live;
  const interrupted = nextEvent(broadcast, 'interrupted');
  const expired = nextEvent(broadcast, 'graceExpired');
  await clip.close('the power went');
  const { at } = await interrupted;
  const { interruptedAt } = await expired;
  expect(Math.abs(interruptedAt - at)).toBeLessThan(50);
});

describe('a hub of its own', () => {
  async function startHub(): Promise<{ hub: ChildProcess; children: number[] }> {
    const script = fileURLToPath(new URL('../support/play-clip-for-ever.ts', import.meta.url));
    const hub = spawn(process.execPath, [script], {
      env: { ...process.env, CLIP: await testClip(), STORAGE: directory, WORKER: workerBinary() },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise<void>((resolve) => hub.stdout.once('data', () => resolve()));
    const listing = execFileSync('ps', ['-o', 'pid=', '--ppid', String(hub.pid)]).toString();
    return { hub, children: listing.trim().split(/\s+/).map(Number) };
  }

  async function expectNoneLeft(children: number[]): Promise<void> {
    expect(children.length).toBeGreaterThanOrEqual(3);
    const deadline = Date.now() + 15_000;
    while (children.some(isAlive) && Date.now() < deadline) await wait(100);
    expect(children.filter(isAlive)).toEqual([]);
  }

  test('killed outright, it leaves no process behind', async () => {
    const { hub, children } = await startHub();
    hub.kill('SIGKILL');
    await expectNoneLeft(children);
  });

  test('asked to stop, it finishes the recording', async () => {
    const { hub, children } = await startHub();
    await wait(3000);
    const ended = new Promise((resolve) => hub.once('exit', resolve));
    hub.kill('SIGTERM');
    expect(await ended).toBe(0);
    await expectNoneLeft(children);
    const folder = join(directory, 'broadcasts', 'doomed');
    const sizes = async () =>
      Promise.all((await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size));
    const before = await sizes();
    media = await openTestMedia({ storageDir: directory });
    const found = await media.plane.recoverRecording('doomed', { inits: [], segments: [] });
    // Nothing had to be cut away.
    expect(await sizes()).toEqual(before);
    expect(found.segments.reduce((sum, { durationMs }) => sum + durationMs, 0)).toBeGreaterThan(2500);
    expect(decodeErrors(directory, found, 0)).toBe('');
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
