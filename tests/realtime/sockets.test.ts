import { afterEach, beforeEach, expect, it } from 'vitest';
import { io } from 'socket.io-client';
import { SOCKET_MESSAGES, type BroadcastView } from '../../server/broadcasts/messages.ts';
import { DOORS } from '../../server/platform/access/doors.ts';
import { eventually, nextNews, openLiveHub, say, told, type LiveHub } from '../support/live-hub.ts';
import { signInAs, type Someone } from '../support/sign-in-as.ts';

let live: LiveHub;
let trainer: Someone;

beforeEach(async () => {
  live = await openLiveHub();
  trainer = await signInAs(live.hub, { roles: [['trainer', '533103']] });
});
afterEach(() => live.close());

it('has a rule for every message and a message for every rule', () => {
  const doors = Object.keys(DOORS).filter((door) => door.startsWith('socket '));
  expect(
    live.hub.realtime
      .messageNames()
      .map((name) => `socket ${name}`)
      .sort(),
  ).toEqual(doors.sort());
  expect(Object.keys(SOCKET_MESSAGES).sort()).toEqual(live.hub.realtime.messageNames().sort());
});

it('refuses a handshake from another site’s page', async () => {
  const outcome = (origin: string) =>
    new Promise<string>((resolve) => {
      const socket = io(live.origin, {
        transports: ['websocket'],
        reconnection: false,
        extraHeaders: { Origin: origin, Cookie: trainer.cookie },
      });
      const done = (what: string) => {
        socket.disconnect();
        resolve(what);
      };
      socket.once('connect', () => done('connected'));
      socket.once('connect_error', () => done('refused'));
    });
  expect(await outcome('https://elsewhere.example')).toBe('refused');
  expect(await outcome('null')).toBe('refused');
  expect(await outcome(live.origin)).toBe('connected');
});

it('cuts a socket at once when its session is revoked, also one that only listens', async () => {
  const created = await live.ask('POST', '/api/broadcasts', trainer, { title: '课', kind: 'class' });
  const { id } = (await created.json()) as BroadcastView;
  const socket = await live.socketOf(trainer);
  await told(socket, 'broadcast:join', { broadcastId: id, deviceId: 'device-one' });
  const over = nextNews(socket, 'session:ended');
  expect((await live.ask('POST', '/api/auth/logout', trainer)).ok).toBe(true);
  expect(await over).toMatchObject({ code: 'auth.expired' });
  await eventually(
    () => socket.connected,
    (connected) => !connected,
  );

  const after = await live.socketOf(trainer);
  const refused = await say(after, 'broadcast:join', { broadcastId: id, deviceId: 'device-one' });
  expect(refused).toMatchObject({ ok: false, error: { code: 'auth.required' } });
});

it('lets whoever lost the role hear no more of a private room', async () => {
  const created = await live.ask('POST', '/api/broadcasts', trainer, { title: '课', kind: 'class' });
  const { id } = (await created.json()) as BroadcastView;
  const auditor = await signInAs(live.hub, { name: '尹审计', roles: [['auditor', '533103']] });
  const socket = await live.socketOf(auditor);
  await told(socket, 'broadcast:join', { broadcastId: id, deviceId: 'device-two' });
  const back = nextNews(socket, 'connect' as 'session:ended');
  const admin = await signInAs(live.hub, { name: '段管理', roles: [['administrator', '533103']] });
  const listed = await live.ask('GET', '/api/grants?role=auditor', admin);
  const { grants } = (await listed.json()) as { grants: { id: string }[] };
  expect((await live.ask('DELETE', `/api/grants/${grants[0]!.id}`, admin)).ok).toBe(true);
  await back;
  const refused = await say(socket, 'broadcast:join', { broadcastId: id, deviceId: 'device-two' });
  expect(refused).toMatchObject({ ok: false, error: { code: 'access.denied' } });
});

it('does not hold up the end of the hub, after which pages come back by themselves', async () => {
  const socket = await live.socketOf(trainer);
  const back = nextNews(socket, 'connect' as 'session:ended');
  const before = Date.now();
  await live.restart();
  await back;
  expect(Date.now() - before).toBeLessThan(5_000);
});
