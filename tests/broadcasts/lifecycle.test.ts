import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { BroadcastView } from '../../server/broadcasts/messages.ts';
import { outbox } from '../../drizzle/schema/platform.ts';
import { recordingSegments } from '../../drizzle/schema/broadcasts.ts';
import { eventually, makeClip, nextNews, openLiveHub, told, type LiveHub } from '../support/live-hub.ts';
import { signInAs, type Someone } from '../support/sign-in-as.ts';

const clip = join(tmpdir(), `xiangbo-clip-${process.pid}.mp4`);
let live: LiveHub;
let trainer: Someone;

beforeAll(() => makeClip(clip));
afterAll(() => rm(clip, { force: true }));
afterEach(() => live.close());

async function plan(env?: Record<string, string>): Promise<BroadcastView> {
  live = await openLiveHub(env);
  trainer = await signInAs(live.hub, { roles: [['trainer', '533103']] });
  const answer = await live.ask('POST', '/api/broadcasts', trainer, {
    title: '咖啡烘焙',
    kind: 'class',
    visibility: 'public',
  });
  expect(answer.status).toBe(201);
  return (await answer.json()) as BroadcastView;
}

const read = async (id: string) =>
  (await (await live.ask('GET', `/api/broadcasts/${id}`, trainer)).json()) as BroadcastView;
const isIn = (state: string) => (broadcast: BroadcastView) => broadcast.state === state;

async function playlistOf(id: string): Promise<{ address: string; body: string }> {
  const master = await live.ask('GET', `/hls/${id}/index.m3u8`, trainer);
  expect(master.status).toBe(200);
  expect(master.headers.get('cache-control')).toBe('private, no-store');
  const media = (await master.text()).split('\n').find((line) => line.endsWith('media.m3u8'))!;
  const address = `/hls/${id}/${media}`;
  const answer = await live.ask('GET', address);
  expect(answer.status).toBe(200);
  return { address, body: await answer.text() };
}

it('goes live, is recorded, is interrupted, comes back, ends and plays its replay at the same address', async () => {
  const { id, state, regionCode } = await plan();
  expect({ state, regionCode }).toEqual({ state: 'scheduled', regionCode: '533103' });
  const early = await live.ask('GET', `/hls/${id}/index.m3u8`, trainer);
  expect(await early.json()).toMatchObject({ error: { code: 'broadcast.not-live' } });

  const viewer = await live.socketOf();
  const joined = await told(viewer, 'broadcast:join', { broadcastId: id, deviceId: 'device-one' });
  expect(joined).toMatchObject({ role: 'viewer', rtpCapabilities: null, presencePingSeconds: null });
  const heardLive = nextNews(viewer, 'broadcast:state', (news) => news.state === 'live');
  const playing = await live.hub.broadcasts.loopClip(id, clip);
  expect((await heardLive).liveAt).not.toBeNull();
  expect(await read(id)).toMatchObject({ state: 'live', viewers: 1 });
  await eventually(
    () => read(id),
    (broadcast) => broadcast.recordedMs >= 3_000,
  );

  const { address, body } = await playlistOf(id);
  expect(body).toContain('#EXT-X-PART:');
  expect(body).not.toContain('#EXT-X-ENDLIST');
  const folder = address.slice(0, address.lastIndexOf('/'));
  const segment = /segment-\d+\.m4s/.exec(body)![0];
  const bytes = await live.ask('GET', `${folder}/${segment}`);
  expect(bytes.headers.get('cache-control')).toMatch(/public, max-age=\d+, immutable/);
  expect((await bytes.arrayBuffer()).byteLength).toBe(Number(bytes.headers.get('content-length')));
  expect((await live.ask('GET', address.replace(/[^/]+\/media/, 'forged/media'))).status).toBe(403);

  await playing.close('lunch');
  await eventually(() => read(id), isIn('interrupted'));
  await live.hub.broadcasts.loopClip(id, clip);
  await eventually(() => read(id), isIn('live'));

  const ended = await live.ask('POST', `/api/broadcasts/${id}/end`, trainer);
  expect(await ended.json()).toMatchObject({ state: 'replay', endReason: 'asked', may: { publish: false } });
  const replay = await playlistOf(id);
  expect(replay.body).toContain('#EXT-X-ENDLIST');
  expect(replay.body).toContain('segment-0.m4s');
  expect((await live.ask('GET', `${folder}/segment-0.m4s`)).status).toBe(200);

  const rows = await live.hub.db.select().from(recordingSegments);
  expect(rows.map((row) => row.sequence)).toEqual(rows.map((_, sequence) => sequence));
  const news = (await live.hub.db.select().from(outbox)).filter(
    ({ type }) => type === 'broadcasts.state-changed',
  );
  expect(news.map(({ payload }) => (payload as { state: string }).state)).toEqual([
    'live',
    'interrupted',
    'live',
    'ended',
    'replay',
  ]);
});

it('goes on at the same address after a restart, and loses nothing that was recorded', async () => {
  const { id } = await plan();
  await live.hub.broadcasts.loopClip(id, clip);
  await eventually(
    () => read(id),
    (broadcast) => broadcast.recordedMs >= 2_000,
  );
  await live.restart();
  const after = await read(id);
  expect(after.state).toBe('interrupted');
  expect((await playlistOf(id)).body).not.toContain('#EXT-X-ENDLIST');

  await live.hub.broadcasts.loopClip(id, clip);
  await eventually(() => read(id), isIn('live'));
  await eventually(
    () => read(id),
    (broadcast) => broadcast.recordedMs > after.recordedMs,
  );
  await live.ask('POST', `/api/broadcasts/${id}/end`, trainer);
  const { body } = await playlistOf(id);
  expect(body).toContain('#EXT-X-DISCONTINUITY');
  await live.restart();
  expect((await playlistOf(id)).body).toBe(body);
});

it('ends a broadcast that nobody comes back to, also when the hub was restarted meanwhile', async () => {
  const { id } = await plan({ BROADCAST_GRACE_MINUTES: '0.03' });
  const playing = await live.hub.broadcasts.loopClip(id, clip);
  await eventually(() => read(id), isIn('live'));
  await live.restart();
  expect(await read(id)).toMatchObject({ state: 'interrupted' });
  await playing.close('gone');
  expect(await eventually(() => read(id), isIn('replay'))).toMatchObject({ endReason: 'publisher-gone' });
});

it('has no replay of what never began', async () => {
  const { id } = await plan();
  expect(await (await live.ask('POST', `/api/broadcasts/${id}/end`, trainer)).json()).toMatchObject({
    state: 'ended',
  });
  const stranger = await signInAs(live.hub, { roles: [['trainer', '533124']] });
  expect((await live.ask('POST', `/api/broadcasts/${id}/end`, stranger)).status).toBe(403);
  expect((await live.ask('POST', `/api/broadcasts/${id}/end`)).status).toBe(401);
});

it('shows private broadcasts to those they are for', async () => {
  live = await openLiveHub();
  trainer = await signInAs(live.hub, { roles: [['trainer', '533103']] });
  const outsider = await signInAs(live.hub);
  const official = await signInAs(live.hub, { roles: [['county-official', '533103']] });
  const created = await live.ask('POST', '/api/broadcasts', trainer, { title: '只给学员', kind: 'class' });
  const { id } = (await created.json()) as BroadcastView;
  const listed = async (someone?: Someone) =>
    (
      (await (await live.ask('GET', '/api/broadcasts?region=533103', someone)).json()) as {
        broadcasts: BroadcastView[];
      }
    ).broadcasts.length;
  expect(await Promise.all([listed(trainer), listed(official), listed(outsider), listed()])).toEqual([
    1, 1, 0, 0,
  ]);
  expect((await live.ask('GET', `/api/broadcasts/${id}`, outsider)).status).toBe(403);
  expect((await live.ask('GET', `/hls/${id}/index.m3u8`)).status).toBe(401);
  expect((await live.ask('POST', '/api/broadcasts', outsider, { title: 'x', kind: 'class' })).status).toBe(
    403,
  );
});
