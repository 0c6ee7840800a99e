import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { told, type RoomSocket } from '../support/live-hub.ts';
import type { LiveHubReady, MemoryHeld } from '../support/live-hub-for-ever.ts';

const STALLED_OF_EACH_KIND = 50;
const STALLED_FOR_MS = 60_000;
const MOST_GROWTH_BYTES = 20 * 1024 * 1024;

let dir: string;
let child: ChildProcess;
let hub: LiveHubReady;
const letGo: (() => void)[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'xiangbo-stalled-'));
  child = fork('tests/support/live-hub-for-ever.ts', [dir], { execArgv: ['--expose-gc'] });
  const ready = once(child, 'message') as Promise<[LiveHubReady]>;
  const gone = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the hub ended with ${code}`)));
  [hub] = await Promise.race([ready, gone]);
});
afterEach(async () => {
  for (const end of letGo.splice(0)) end();
  if (child.connected) {
    const over = once(child, 'exit');
    child.send('end');
    await over;
  }
  await rm(dir, { recursive: true, force: true });
});

/** Resident memory after a collection: the least of several looks, since a look may fall into a burst. */
async function memoryHeld(): Promise<number> {
  const looks: number[] = [];
  for (let look = 0; look < 8; look += 1) {
    child.send('memory');
    const [{ rssBytes }] = (await once(child, 'message')) as [MemoryHeld];
    looks.push(rssBytes);
    await wait(250);
  }
  return Math.min(...looks);
}

function enter(cookie?: string): RoomSocket {
  const socket: RoomSocket = io(hub.origin, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: cookie ? { Cookie: cookie } : {},
  });
  letGo.push(() => socket.disconnect());
  return socket;
}

async function enterRoom(socket: RoomSocket, deviceId: string): Promise<void> {
  await once(socket as unknown as NodeJS.EventEmitter, 'connect');
  await told(socket, 'broadcast:join', { broadcastId: hub.broadcastId, deviceId });
}

/** A page in the room whose line takes nothing any more. */
async function stallInRoom(index: number): Promise<void> {
  const socket = enter();
  await enterRoom(socket, `stalled-${index}`);
  const { ws } = socket.io.engine.transport as unknown as { ws: { _socket: Socket } };
  ws._socket.pause();
  letGo.push(() => ws._socket.destroy());
}

/** A player that reads nothing of what it asked for: three files, or everything the playlist names, on one line. */
async function stallOnHls(greedy: boolean): Promise<void> {
  const master = await (await fetch(`${hub.origin}/hls/${hub.broadcastId}/index.m3u8`)).text();
  const media = master.split('\n').find((line) => line.endsWith('/media.m3u8'))!;
  const folder = `/hls/${hub.broadcastId}/${media.slice(0, media.lastIndexOf('/'))}`;
  const playlist = await (await fetch(`${hub.origin}${folder}/media.m3u8`)).text();
  const named = [...playlist.matchAll(/^[^#\s]+\.m4s$|URI="([^"]+)"/gm)].map(([line, uri]) => uri ?? line);
  const line = connect(Number(new URL(hub.origin).port), '127.0.0.1');
  line.on('error', () => undefined);
  await once(line, 'connect');
  line.pause();
  const asked = (greedy ? [...named, ...named, ...named] : named.slice(0, 3)).map(
    (name) => `GET ${folder}/${name} HTTP/1.1\r\nHost: ${new URL(hub.origin).host}\r\n\r\n`,
  );
  line.write(asked.join(''));
  letGo.push(() => line.destroy());
}

it('holds at most 20 MB more for 100 clients that stopped reading a minute ago', async () => {
  const talkers = hub.cookies.map((cookie) => enter(cookie));
  await Promise.all(talkers.map((socket, index) => enterRoom(socket, `talker-${index}`)));
  let said = 0;
  const talk = setInterval(() => {
    const body = `第 ${said} 句 `.padEnd(480, '咖啡');
    void told(talkers[said % talkers.length]!, 'chat:send', { clientId: `line-${said}-xx`, body });
    said += 1;
  }, 250);
  letGo.push(() => clearInterval(talk));
  // What a running class needs anyway has been taken by then.
  await wait(10_000);
  const before = await memoryHeld();
  await Promise.all(Array.from({ length: STALLED_OF_EACH_KIND }, (_, index) => stallInRoom(index)));
  await Promise.all(Array.from({ length: STALLED_OF_EACH_KIND }, (_, index) => stallOnHls(index % 2 === 0)));
  await wait(STALLED_FOR_MS);
  const after = await memoryHeld();
  console.info(`resident memory ${mb(before)} MB before, ${mb(after)} MB after`);
  expect(after - before).toBeLessThan(MOST_GROWTH_BYTES);
  expect((await fetch(`${hub.origin}/readyz`)).status).toBe(200);
});

const mb = (bytes: number) => (bytes / 1024 / 1024).toFixed(1);
