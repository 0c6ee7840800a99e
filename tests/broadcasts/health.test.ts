import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { healthNews, hostsOnStage, isWeakLine } from '../../server/broadcasts/health-news.ts';
import type { BroadcastHealth } from '../../media/contract.ts';
import type { BroadcastView, HealthNews } from '../../server/broadcasts/messages.ts';
import type { Peer } from '../../server/broadcasts/peers.ts';
import { eventually, makeClip, nextNews, openLiveHub, told, type LiveHub } from '../support/live-hub.ts';
import { signInAs, type Someone } from '../support/sign-in-as.ts';

const clip = join(tmpdir(), `xiangbo-health-clip-${process.pid}.mp4`);
let live: LiveHub;
let trainer: Someone;
let broadcastId: string;

beforeAll(() => makeClip(clip));
afterAll(() => rm(clip, { force: true }));
beforeEach(async () => {
  live = await openLiveHub();
  trainer = await signInAs(live.hub, { name: '岩罕亮', roles: [['trainer', '533103']] });
  const input = { title: '短视频拍摄', kind: 'class', visibility: 'public' };
  const created = await live.ask('POST', '/api/broadcasts', trainer, input);
  broadcastId = ((await created.json()) as BroadcastView).id;
});
afterEach(() => live.close());

const metricsOfBroadcasts = async () =>
  (await (await live.ask('GET', '/metrics')).text())
    .split('\n')
    .filter((line) => line.startsWith('xiangbo_broadcast_'));

it('tells a broadcast’s health to its host alone, and to /metrics for as long as it is open', async () => {
  const [host, viewer] = await Promise.all([live.socketOf(trainer), live.socketOf()]);
  const heardByViewer: HealthNews[] = [];
  viewer.on('broadcast:health', (news) => heardByViewer.push(news));
  await told(host, 'broadcast:join', { broadcastId, deviceId: 'device-host' });
  await told(viewer, 'broadcast:join', { broadcastId, deviceId: 'device-viewer' });
  const publisher = await live.hub.broadcasts.loopClip(broadcastId, clip);
  const news = await nextNews(
    host,
    'broadcast:health',
    ({ streams, hlsBehindMs }) =>
      hlsBehindMs !== null && streams.some(({ keyframeIntervalMs }) => keyframeIntervalMs !== null),
  );
  const video = news.streams.find(({ kind }) => kind === 'video')!;
  expect(video).toMatchObject({ source: 'camera', paused: false, lossShare: 0 });
  expect(video.bitsPerSecond).toBeGreaterThan(20_000);
  expect(video.keyframeIntervalMs).toBeGreaterThan(1_500);
  expect(video.keyframeIntervalMs).toBeLessThan(2_500);
  expect(news.hlsBehindMs).toBeLessThan(1_500);
  expect(news.viewers).toEqual({ webrtc: 0, whep: 0, hls: 1 });

  const lines = await metricsOfBroadcasts();
  expect(lines).toContain(`xiangbo_broadcast_viewers{broadcast="${broadcastId}",way="hls"} 1`);
  for (const name of ['bits_per_second', 'loss_ratio', 'keyframe_interval_seconds', 'hls_behind_seconds'])
    expect(lines.some((line) => line.startsWith(`xiangbo_broadcast_${name}{`))).toBe(true);
  // One that cannot tell takes nobody else's lines away.
  const other = await live.ask('POST', '/api/broadcasts', trainer, { title: '另一场', kind: 'sale' });
  const { id: mute } = (await other.json()) as BroadcastView;
  const mutePublisher = await live.hub.broadcasts.loopClip(mute, clip);
  vi.spyOn(live.hub.plane.broadcast(mute)!, 'health').mockRejectedValue(new Error('the worker is gone'));
  const metrics = await (await live.ask('GET', '/metrics')).text();
  expect(metrics).toContain(`xiangbo_broadcast_viewers{broadcast="${broadcastId}",way="hls"} 1`);
  expect(metrics).toContain('xiangbo_broadcasts_without_health 1');
  expect(metrics).not.toContain(`"${mute}"`);
  // Ids are all that it knows of a broadcast.
  expect(metrics).not.toMatch(/[\u4e00-\u9fff]/);
  await mutePublisher.close('over');
  await live.ask('POST', `/api/broadcasts/${mute}/end`, trainer);
  await publisher.close('over');
  await live.ask('POST', `/api/broadcasts/${broadcastId}/end`, trainer);
  expect(await metricsOfBroadcasts()).toEqual([]);
  expect(heardByViewer).toEqual([]);
}, 40_000);

it('counts viewers by their way', () => {
  const peer = (id: string, role: Peer['role']) => ({ id, role }) as Peer;
  const peers = [peer('host', 'publisher'), peer('page', 'viewer'), peer('saving', 'viewer')];
  const health: BroadcastHealth = {
    ...{ streams: [], receivingPeerIds: ['host', 'page', 'player'], hlsBehindMs: null },
    refusedRenditions: ['480p'],
  };
  expect(healthNews(health, peers)).toMatchObject({
    viewers: { webrtc: 1, whep: 1, hls: 1 },
    refusedRenditions: ['480p'],
  });
});

const stream = (about: Partial<HealthNews['streams'][number]>): HealthNews['streams'][number] => ({
  ...{ kind: 'video', source: 'camera', paused: false, bitsPerSecond: 900_000, lossShare: 0 },
  ...{ roundTripMs: 40, keyframeIntervalMs: 2_000 },
  ...about,
});

it.each([
  ['a good line', [stream({})], false],
  ['a line that tells nothing of its length', [stream({ roundTripMs: null })], false],
  ['packets lost before the hub', [stream({}), stream({ kind: 'audio', lossShare: 0.08 })], true],
  ['a way that repeating is too slow on', [stream({ roundTripMs: 900 })], true],
  ['loss of what is paused', [stream({ paused: true, lossShare: 0.5 })], false],
])('calls the host’s line weak or not: %s', (_, streams, weak) => {
  expect(isWeakLine(streams)).toBe(weak);
});

it('weighs what is seen and heard of hosts alone: not who has the floor, nor what waits off stage', () => {
  const sent = (peerId: string, source: 'camera' | 'microphone' | 'screen') => ({
    ...{ peerId, source, kind: source === 'microphone' ? ('audio' as const) : ('video' as const) },
  });
  const streams = [
    ...[
      sent('host', 'camera'),
      sent('host', 'microphone'),
      sent('encoder', 'camera'),
      sent('host', 'screen'),
    ],
    ...[sent('trainee', 'camera'), sent('trainee', 'microphone'), sent('waiting', 'camera')],
  ];
  const shown = ['host', 'encoder', 'trainee'].map((peerId) => ({ peerId, source: 'camera' as const }));
  const peers = [
    { id: 'host', role: 'publisher' as const },
    { id: 'waiting', role: 'publisher' as const },
    { id: 'trainee', role: 'viewer' as const },
  ];
  expect(hostsOnStage(streams, shown, peers)).toEqual([
    ...[sent('host', 'camera'), sent('host', 'microphone'), sent('encoder', 'camera')],
  ]);
});

it('tells viewers of the host’s weak line again while it is weak, for whoever came meanwhile', async () => {
  const viewer = await live.socketOf();
  await told(viewer, 'broadcast:join', { broadcastId, deviceId: 'device-viewer' });
  const publisher = await live.hub.broadcasts.loopClip(broadcastId, clip);
  const media = live.hub.plane.broadcast(broadcastId)!;
  await eventually(
    () => media.stageShown.pictures,
    (pictures) => pictures.length > 0,
  );
  const read = media.health.bind(media);
  let lossShare = 0.2;
  vi.spyOn(media, 'health').mockImplementation(async () => {
    const health = await read();
    return { ...health, streams: health.streams.map((one) => ({ ...one, lossShare })) };
  });
  expect(await nextNews(viewer, 'broadcast:host-line')).toEqual({ weak: true });
  viewer.disconnect();
  const back = await live.socketOf();
  await told(back, 'broadcast:join', { broadcastId, deviceId: 'device-viewer' });
  expect(await nextNews(back, 'broadcast:host-line')).toEqual({ weak: true });
  lossShare = 0;
  expect(await nextNews(back, 'broadcast:host-line', ({ weak }) => !weak)).toEqual({ weak: false });
  await publisher.close('over');
}, 40_000);
