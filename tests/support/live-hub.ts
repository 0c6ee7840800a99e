import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { getRequestListener } from '@hono/node-server';
import { io, type Socket } from 'socket.io-client';
import { openHub, type Hub } from '../../server/hub.ts';
import type { ClientMessages, HubMessages } from '../../server/broadcasts/messages.ts';
import type { Ack } from '../../server/realtime/messages.ts';
import { decideConfig } from '../../server/platform/config.ts';
import { systemClock } from '../../server/platform/clock.ts';
import { readEnvironment } from '../../server/platform/env.ts';
import { openLog } from '../../server/platform/log.ts';
import type { Someone } from './sign-in-as.ts';

export type RoomSocket = Socket<HubMessages, ClientMessages>;
type Output<Name extends keyof ClientMessages> = Parameters<ClientMessages[Name]>[1] extends (
  ack: Ack<infer Data>,
) => void
  ? Data
  : never;

/** A hub with sockets on a port of its own, that can be stopped and started again on the same data. */
export interface LiveHub {
  readonly hub: Hub;
  readonly origin: string;
  /** Where media files lie. */
  readonly storageDir: string;
  /** A socket of someone, or of nobody. Resolves when it is connected; closed with the hub. */
  socketOf(someone?: Someone): Promise<RoomSocket>;
  ask(method: string, path: string, someone?: Someone, body?: unknown): Promise<Response>;
  /** SIGTERM's way, and the start after it. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function openLiveHub(env: Record<string, string> = {}): Promise<LiveHub> {
  const dataDir = await mkdtemp(join(tmpdir(), 'xiangbo-live-'));
  const config = decideConfig(
    readEnvironment({
      DATA_DIR: dataDir,
      PORT: '0',
      RTC_PORT: '0',
      RTMP_PORT: '0',
      MEDIA_WORKERS: '1',
      LOG_LEVEL: 'error',
      ...env,
    }),
    { demo: false, development: false },
  );
  const sockets = new Set<RoomSocket>();
  let hub: Hub;
  let server: Server;
  let port = 0;

  async function start(): Promise<void> {
    hub = await openHub({ config, clock: systemClock, log: openLog(config.logLevel) });
    const listener = getRequestListener(hub.app.fetch);
    server = createServer((request, response) => void listener(request, response));
    hub.attachSockets(server);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  }
  async function stop(): Promise<void> {
    await hub.closeSockets();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
    await hub.close('test');
  }

  await start();
  const live: LiveHub = {
    get hub() {
      return hub;
    },
    get origin() {
      return `http://127.0.0.1:${port}`;
    },
    storageDir: config.media.storageDir,
    async socketOf(someone) {
      const socket: RoomSocket = io(live.origin, {
        transports: ['websocket'],
        reconnectionDelay: 50,
        reconnectionDelayMax: 200,
        extraHeaders: someone ? { Cookie: someone.cookie } : {},
      });
      sockets.add(socket);
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve);
        socket.once('connect_error', reject);
      });
      return socket;
    },
    async ask(method, path, someone, body) {
      return fetch(live.origin + path, {
        method,
        headers: {
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...(someone ? { Cookie: someone.cookie } : {}),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
    },
    async restart() {
      await stop();
      await start();
    },
    async close() {
      for (const socket of sockets) socket.disconnect();
      await stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  return live;
}

/** Says a message and waits for its acknowledgement. */
export function say<Name extends keyof ClientMessages>(
  socket: RoomSocket,
  name: Name,
  input: Parameters<ClientMessages[Name]>[0],
): Promise<Ack<Output<Name>>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${name} was not acknowledged`)), 10_000);
    const acknowledge = (ack: Ack<Output<Name>>) => {
      clearTimeout(timer);
      resolve(ack);
    };
    (socket as Socket).emit(name, input, acknowledge);
  });
}

/** As {@link say}, and what it was acknowledged with. Throws where it was refused. */
export async function told<Name extends keyof ClientMessages>(
  socket: RoomSocket,
  name: Name,
  input: Parameters<ClientMessages[Name]>[0],
): Promise<Output<Name>> {
  const ack = await say(socket, name, input);
  if (!ack.ok) throw new Error(`${name} was refused: ${JSON.stringify(ack.error)}`);
  return ack.data;
}

interface NewsSource {
  on(name: string, hear: (news: never) => void): void;
  off(name: string, hear: (news: never) => void): void;
}

/** The next news of a kind that `wanted` accepts. */
export function nextNews<Name extends keyof HubMessages>(
  socket: RoomSocket,
  name: Name,
  wanted: (news: Parameters<HubMessages[Name]>[0]) => boolean = () => true,
  withinMs = 15_000,
): Promise<NonNullable<Parameters<HubMessages[Name]>[0]>> {
  // The typed socket cannot follow a generic name.
  const plain = socket as unknown as NewsSource;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      plain.off(name, hear);
      reject(new Error(`${name} did not come within ${withinMs} ms`));
    }, withinMs);
    const hear = (news: NonNullable<Parameters<HubMessages[Name]>[0]>) => {
      if (!wanted(news)) return;
      clearTimeout(timer);
      plain.off(name, hear);
      resolve(news);
    };
    plain.on(name, hear);
  });
}

/** Asks again until it is so; fails with what it was at last. */
export async function eventually<T>(
  ask: () => Promise<T> | T,
  isSo: (value: T) => boolean,
  withinMs = 15_000,
): Promise<T> {
  const until = Date.now() + withinMs;
  for (;;) {
    const value = await ask();
    if (isSo(value)) return value;
    if (Date.now() > until) throw new Error(`It did not come true: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A clip of some seconds with picture and sound that the media plane can loop as it is. */
export async function makeClip(file: string, seconds = 4): Promise<string> {
  await promisify(execFile)('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', `testsrc=size=320x180:rate=25:duration=${seconds}`],
    ...['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=48000:duration=${seconds}`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-profile:v', 'baseline', '-pix_fmt', 'yuv420p'],
    ...['-bf', '0', '-g', '50', '-c:a', 'aac', '-shortest', '-y', file],
  ]);
  return file;
}
