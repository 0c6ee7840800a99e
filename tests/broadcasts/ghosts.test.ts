import { afterEach, beforeEach, expect, it } from 'vitest';
import type { BroadcastView } from '../../server/broadcasts/messages.ts';
import { eventually, openLiveHub, told, type LiveHub, type RoomSocket } from '../support/live-hub.ts';
import { signInAs, type Someone } from '../support/sign-in-as.ts';

let live: LiveHub;
let trainer: Someone;
let broadcastId: string;

beforeEach(async () => {
  live = await openLiveHub();
  trainer = await signInAs(live.hub, { name: '岩罕亮', roles: [['trainer', '533103']] });
  const input = { title: '短视频拍摄', kind: 'class', visibility: 'public' };
  const created = await live.ask('POST', '/api/broadcasts', trainer, input);
  broadcastId = ((await created.json()) as BroadcastView).id;
});
afterEach(() => live.close());

const viewers = async () => {
  const answer = await live.ask('GET', `/api/broadcasts/${broadcastId}`, trainer);
  return ((await answer.json()) as BroadcastView).viewers;
};

/** The network below a socket of this process. */
function wireOf(socket: RoomSocket): { pause(): void; destroy(): void } {
  const { ws } = socket.io.engine.transport as unknown as {
    ws: { _socket: { pause(): void; destroy(): void } };
  };
  return ws._socket;
}

it('counts nobody who vanished for longer than 10 s, whether the line broke or fell silent', async () => {
  const [broken, silent] = await Promise.all([live.socketOf(), live.socketOf()]);
  await told(broken, 'broadcast:join', { broadcastId, deviceId: 'device-broken' });
  await told(silent, 'broadcast:join', { broadcastId, deviceId: 'device-silent' });
  expect(await viewers()).toBe(2);
  for (const socket of [broken, silent]) socket.io.reconnection(false);
  wireOf(broken).destroy();
  const silentWire = wireOf(silent);
  silentWire.pause();
  await eventually(viewers, (count) => count === 0, 10_000);
  silentWire.destroy();
}, 20_000);
