import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { streamKeys } from '../../drizzle/schema/broadcasts.ts';
import type { BroadcastView, StreamKeyInfo } from '../../server/broadcasts/messages.ts';
import type { NewStreamKey } from '../../server/broadcasts/stream-keys.ts';
import { pushTo, type EncoderSettings, type TestEncoder } from '../support/encoder.ts';
import { eventually, nextNews, openLiveHub, told, type LiveHub } from '../support/live-hub.ts';
import { signInAs, type Someone } from '../support/sign-in-as.ts';

let live: LiveHub;
let host: Someone;
let encoders: TestEncoder[] = [];

beforeAll(async () => {
  live = await openLiveHub({ ANNOUNCED_ADDRESS: '127.0.0.1' });
  host = await signInAs(live.hub, { roles: [['host', '533103']] });
});
afterEach(async () => {
  await Promise.all(encoders.map((encoder) => encoder.kill()));
  encoders = [];
});
afterAll(() => live.close());

async function plan(owner = host): Promise<string> {
  const body = { title: '咖啡上新', kind: 'sale' };
  return ((await (await live.ask('POST', '/api/broadcasts', owner, body)).json()) as { id: string }).id;
}

const keyPath = (id: string) => `/api/broadcasts/${id}/stream-key`;

async function makeKey(path: string, by = host): Promise<NewStreamKey> {
  const answer = await live.ask('POST', path, by);
  expect(answer.status).toBe(201);
  return (await answer.json()) as NewStreamKey;
}

function push({ url, key }: NewStreamKey, settings: EncoderSettings = {}): TestEncoder {
  const encoder = pushTo(`${url}/${key}`, { keyframeSeconds: 1, ...settings });
  encoders.push(encoder);
  return encoder;
}

const read = async (id: string) =>
  (await (await live.ask('GET', `/api/broadcasts/${id}`, host)).json()) as BroadcastView;
const becomes = (id: string, state: BroadcastView['state']) =>
  eventually(
    async () => (await read(id)).state,
    (now) => now === state,
  );

test('a key is shown once, kept as a hash and told of without itself', async () => {
  const id = await plan();
  const before = (await (await live.ask('GET', keyPath(id), host)).json()) as StreamKeyInfo;
  expect(before).toEqual({
    url: `rtmp://127.0.0.1:${live.hub.plane.rtmpPort}/live`,
    createdAt: null,
    encoder: null,
  });
  const { key, url, createdAt } = await makeKey(keyPath(id));
  expect(key).toMatch(/^[\w-]{32}$/);
  expect(url).toBe(before.url);
  const after = await (await live.ask('GET', keyPath(id), host)).text();
  expect(JSON.parse(after)).toMatchObject({ createdAt });
  expect(after).not.toContain(key);
  const rows = await live.hub.db.select().from(streamKeys);
  expect(JSON.stringify(rows)).not.toContain(key);
});

test('another account makes none, and one that has ended has none', async () => {
  const id = await plan();
  const stranger = await signInAs(live.hub, { roles: [['host', '533103']] });
  expect((await live.ask('POST', keyPath(id), stranger)).status).toBe(403);
  expect((await live.ask('DELETE', keyPath(id), host)).status).toBe(404);
  await live.ask('POST', `/api/broadcasts/${id}/end`, host);
  expect((await live.ask('POST', keyPath(id), host)).status).toBe(409);
});

test('an encoder goes live, is killed, comes back with the same key to the same broadcast', async () => {
  const id = await plan();
  const key = await makeKey(keyPath(id));
  const socket = await live.socketOf(host);
  await told(socket, 'broadcast:join', { broadcastId: id, deviceId: 'page-of-the-host' });
  const news = nextNews(socket, 'broadcast:encoder', ({ facts }) => (facts.video?.kbps ?? 0) > 0);
  const first = push(key);
  expect(await news).toMatchObject({ connected: true, facts: { video: { codec: 'h264' } }, advice: [] });
  await becomes(id, 'live');
  const lost = nextNews(socket, 'broadcast:encoder', ({ connected }) => !connected);
  await first.kill();
  await lost;
  await becomes(id, 'interrupted');
  push(key);
  await becomes(id, 'live');
  await live.ask('POST', `/api/broadcasts/${id}/end`, host);
  await becomes(id, 'replay');
  const playlist = await (await live.ask('GET', `/hls/${id}/index.m3u8`, host)).text();
  expect(playlist).toContain('#EXTM3U');
  await encoders.at(-1)!.ended;
  // What has ended is not begun again.
  await push(key).ended;
  expect((await read(id)).state).toBe('replay');
});

test('a changed key cuts off the encoder at once; a second encoder takes over from one that hangs', async () => {
  const id = await plan();
  const key = await makeKey(keyPath(id));
  const first = push(key);
  await becomes(id, 'live');
  const second = push(key);
  await first.ended;
  await becomes(id, 'live');
  const changed = await makeKey(keyPath(id));
  await second.ended;
  await becomes(id, 'interrupted');
  await push(key).ended;
  push(changed);
  await becomes(id, 'live');
  expect((await live.ask('DELETE', keyPath(id), host)).status).toBe(204);
  await encoders.at(-1)!.ended;
  await live.ask('POST', `/api/broadcasts/${id}/end`, host);
});

describe("a host's own key", () => {
  test('publishes to the broadcast that is next, and is refused where there is none', async () => {
    const other = await signInAs(live.hub, { roles: [['host', '533103']] });
    const key = await makeKey('/api/me/stream-key', other);
    await push(key).ended;
    const id = await plan(other);
    push(key);
    await becomes(id, 'live');
    await live.ask('POST', `/api/broadcasts/${id}/end`, other);
    expect((await live.ask('DELETE', '/api/me/stream-key', other)).status).toBe(204);
    await plan(other);
    await push(key).ended;
  });

  test('ends with the role', async () => {
    const other = await signInAs(live.hub, {});
    const grantId = await live.hub.identity.systemOnly.giveRole(other.accountId, 'host', '533103');
    const id = await plan(other);
    const key = await makeKey('/api/me/stream-key', other);
    const encoder = push(key);
    await becomes(id, 'live');
    const admin = await signInAs(live.hub, { roles: [['administrator', '000000']] });
    expect((await live.ask('DELETE', `/api/grants/${grantId}`, admin)).status).toBe(204);
    await encoder.ended;
    await becomes(id, 'interrupted');
  });
});
