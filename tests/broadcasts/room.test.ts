import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { outbox } from '../../drizzle/schema/platform.ts';
import type { BroadcastView } from '../../server/broadcasts/messages.ts';
import {
  eventually,
  makeClip,
  nextNews,
  openLiveHub,
  say,
  told,
  type LiveHub,
  type RoomSocket,
} from '../support/live-hub.ts';
import { signInAs, type Someone } from '../support/sign-in-as.ts';

const clip = join(tmpdir(), `xiangbo-room-clip-${process.pid}.mp4`);
let live: LiveHub;
let trainer: Someone;
let trainee: Someone;
let broadcastId: string;

beforeAll(() => makeClip(clip));
afterAll(() => rm(clip, { force: true }));
beforeEach(async () => {
  live = await openLiveHub({ PRESENCE_PING_SECONDS: '1' });
  trainer = await signInAs(live.hub, { name: '岩罕亮', roles: [['trainer', '533103']] });
  trainee = await signInAs(live.hub, { name: '勒排早相' });
  const input = { title: '短视频拍摄', kind: 'class', visibility: 'public' };
  const created = await live.ask('POST', '/api/broadcasts', trainer, input);
  broadcastId = ((await created.json()) as BroadcastView).id;
});
afterEach(() => live.close());

const enter = (socket: RoomSocket, more: { lastChatSeq?: number; deviceId?: string } = {}) =>
  told(socket, 'broadcast:join', { broadcastId, deviceId: 'device-one', ...more });

it('carries chat once, in order, and hands over what someone missed', async () => {
  const [host, viewer, onlooker] = await Promise.all([
    live.socketOf(trainer),
    live.socketOf(trainee),
    live.socketOf(),
  ]);
  for (const socket of [host, viewer, onlooker]) await enter(socket);
  const heard = nextNews(onlooker, 'chat:message');
  const first = await told(viewer, 'chat:send', { clientId: 'message-1', body: '  听得清  ' });
  expect(first).toMatchObject({ seq: 1, name: '勒**', fromOwner: false, body: '听得清' });
  expect(await heard).toEqual(first);
  expect(await told(viewer, 'chat:send', { clientId: 'message-1', body: '再发一次' })).toEqual(first);

  viewer.disconnect();
  for (const [index, body] of ['开始了', '看这里'].entries())
    await told(host, 'chat:send', { clientId: `message-h${index}`, body });
  const back = await live.socketOf(trainee);
  const { chat } = await enter(back, { lastChatSeq: first.seq });
  expect(chat.messages.map(({ seq, body, fromOwner }) => [seq, body, fromOwner])).toEqual([
    [2, '开始了', true],
    [3, '看这里', true],
  ]);
  expect(await told(back, 'chat:since', { seq: 2 })).toMatchObject({ messages: [{ seq: 3 }], more: false });

  await live.restart();
  const after = await live.socketOf(trainee);
  expect((await enter(after)).chat.messages.map(({ seq }) => seq)).toEqual([1, 2, 3]);
});

it('refuses what is not valid, not allowed or too much, with code, sentence and field', async () => {
  const [viewer, onlooker] = await Promise.all([live.socketOf(trainee), live.socketOf()]);
  expect(await say(viewer, 'chat:send', { clientId: 'message-1', body: 'x' })).toMatchObject({
    error: { code: 'conflict' },
  });
  await enter(viewer);
  await enter(onlooker, { deviceId: 'device-two' });
  const refusals = [
    await say(viewer, 'chat:send', { clientId: 'message-1', body: ' '.repeat(9) }),
    await say(onlooker, 'chat:send', { clientId: 'message-1', body: '你好' }),
    await say(onlooker, 'presence:ping', { playing: true }),
    await say(viewer, 'media:transport', { direction: 'send' }),
    await say(viewer, 'media:transport', { direction: 'recv' }),
    await say(viewer, 'chat:unknown' as 'chat:since', { seq: 0 }),
  ];
  expect(refusals.map((ack) => !ack.ok && ack.error.code)).toEqual([
    'input.invalid',
    'auth.required',
    'auth.required',
    'access.denied',
    'broadcast.not-live',
    'not-found',
  ]);
  expect(refusals[0]).toMatchObject({
    ok: false,
    error: {
      sentence: '有内容填得不对，请按提示修改后再提交。',
      fields: [{ path: 'body', rule: 'too_small' }],
    },
  });
  const flood = [];
  for (let count = 0; count < 10; count += 1)
    flood.push(await say(viewer, 'chat:send', { clientId: `message-${count}`, body: '刷屏' }));
  expect(flood.filter((ack) => ack.ok)).toHaveLength(8);
  const refused = flood.at(-1)!;
  expect(!refused.ok && refused.error.code).toBe('rate.limited');
});

it('counts presence while it is live, each second once over two devices, and not the owner', async () => {
  const [host, phone, tablet] = await Promise.all([
    live.socketOf(trainer),
    live.socketOf(trainee),
    live.socketOf(trainee),
  ]);
  await enter(host, { deviceId: 'device-host' });
  await enter(phone, { deviceId: 'device-phone' });
  const joined = await enter(tablet, { deviceId: 'device-tablet' });
  expect(joined.presencePingSeconds).toBe(1);
  expect((await told(phone, 'presence:ping', { playing: true })).effectiveSeconds).toBe(0);
  await live.hub.broadcasts.loopClip(broadcastId, clip);
  await eventually(
    async () =>
      (await told(phone, 'broadcast:join', { broadcastId, deviceId: 'device-phone' })).broadcast.state,
    (state) => state === 'live',
  );
  expect((await live.hub.broadcasts.effectiveSecondsByPerson(broadcastId)).size).toBe(0);
  const startedAt = Date.now();
  while (Date.now() - startedAt < 3_000) {
    await Promise.all([phone, tablet].map((socket) => told(socket, 'presence:ping', { playing: true })));
  }
  await told(phone, 'presence:ping', { playing: false });
  const { effectiveSeconds } = await told(tablet, 'presence:ping', { playing: true });
  expect(effectiveSeconds).toBeGreaterThanOrEqual(2);
  expect(effectiveSeconds).toBeLessThanOrEqual((Date.now() - startedAt) / 1000);
  expect(await say(host, 'presence:ping', { playing: true })).toMatchObject({ ok: false });
  expect([...(await live.hub.broadcasts.effectiveSecondsByPerson(broadcastId))]).toEqual([
    [trainee.personId, effectiveSeconds],
  ]);
  const news = await live.hub.db.select().from(outbox);
  expect(news.filter(({ type }) => type === 'broadcasts.presence-reached')).toEqual([]);
});

it('is in one room at a time, and leaves nobody behind who resumes an earlier place', async () => {
  const input = { title: '另一课', kind: 'class', visibility: 'public' };
  const created = await live.ask('POST', '/api/broadcasts', trainer, input);
  const other = ((await created.json()) as BroadcastView).id;
  const [host, viewer] = await Promise.all([live.socketOf(trainer), live.socketOf(trainee)]);
  await enter(host, { deviceId: 'device-host' });
  const { peerId } = await enter(viewer);
  await told(viewer, 'broadcast:join', { broadcastId: other, deviceId: 'device-one' });
  const heard: string[] = [];
  viewer.on('chat:message', ({ body }) => heard.push(body));
  await told(host, 'chat:send', { clientId: 'message-1', body: '这里的话' });
  await told(viewer, 'chat:since', { seq: 0 });
  expect(heard).toEqual([]);

  await enter(viewer);
  const back = await live.socketOf(trainee);
  await enter(back, { deviceId: 'device-two' });
  const resume = { broadcastId, deviceId: 'device-one', resumePeerId: viewer.id ?? peerId };
  expect((await told(back, 'broadcast:join', resume)).peerId).toBe(resume.resumePeerId);
  const gone = nextNews(host, 'broadcast:viewers', (news) => news.viewers === 0);
  viewer.disconnect();
  back.disconnect();
  await gone;
});

it('counts who watches, without ghosts', async () => {
  const onlooker = await live.socketOf();
  await enter(onlooker, { deviceId: 'device-onlooker' });
  const viewer = await live.socketOf(trainee);
  const two = nextNews(onlooker, 'broadcast:viewers', (news) => news.viewers === 2);
  const { peerId } = await enter(viewer);
  await two;
  viewer.disconnect();
  const back = await live.socketOf(trainee);
  const again = await told(back, 'broadcast:join', {
    broadcastId,
    deviceId: 'device-one',
    resumePeerId: peerId,
  });
  expect(again).toMatchObject({ peerId, broadcast: { viewers: 2 } });
  const thief = await live.socketOf(await signInAs(live.hub));
  const stolen = await told(thief, 'broadcast:join', {
    broadcastId,
    deviceId: 'device-one',
    resumePeerId: peerId,
  });
  expect(stolen).toMatchObject({ resumed: false, broadcast: { viewers: 3 } });
  thief.disconnect();
  back.disconnect();
  await nextNews(onlooker, 'broadcast:viewers', (news) => news.viewers === 1);
});
