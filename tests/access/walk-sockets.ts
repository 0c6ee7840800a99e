import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { io, type Socket } from 'socket.io-client';
import { socketDoor } from '../../server/realtime/registry.ts';
import type { Ack } from '../../server/realtime/messages.ts';
import type { AskerKind } from './callers.ts';
import { SOCKET_EXAMPLES } from './examples-sockets.ts';
import { ABOUT_WHO, expectedOf, standing } from './walk.ts';
import type { World } from './world.ts';

const ACK_DEADLINE_MS = 15_000;

/** A port for sockets alone, in front of the world's hub. */
export async function openSocketPort({ t }: World): Promise<{ origin: string; close(): Promise<void> }> {
  const server: Server = createServer();
  t.hub.attachSockets(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: async () => {
      await t.hub.closeSockets();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Says every message as one asker. Returns what differs from the table, in words, and which messages were answered with ok. */
export async function visitBySocket(
  world: World,
  origin: string,
  asker: AskerKind,
): Promise<{ wrong: string[]; succeeded: string[] }> {
  const { cookie, token } = await standing(asker);
  const extraHeaders: Record<string, string> = {};
  if (cookie) extraHeaders.cookie = cookie;
  if (token) extraHeaders.authorization = `Bearer ${token}`;
  const socket = io(origin, { transports: ['websocket'], extraHeaders, reconnection: false, forceNew: true });
  try {
    const refused = await new Promise<string | undefined>((resolve) => {
      socket.once('connect', () => resolve(undefined));
      socket.once('connect_error', (error) => resolve(error.message));
    });
    if (asker.deadToken)
      return { wrong: refused === 'auth.expired' ? [] : [`handshake: ${refused}`], succeeded: [] };
    if (refused) return { wrong: [`handshake: ${refused}`], succeeded: [] };
    return await sayAll(world, socket, asker);
  } finally {
    socket.disconnect();
  }
}

async function sayAll(world: World, socket: Socket, asker: AskerKind) {
  const wrong: string[] = [];
  const succeeded: string[] = [];
  for (const [name, example] of Object.entries(SOCKET_EXAMPLES)) {
    const expected = expectedOf(world, socketDoor(name), example, asker);
    const ack = (await socket.timeout(ACK_DEADLINE_MS).emitWithAck(name, example.say(world))) as Ack<unknown>;
    if (ack.ok) succeeded.push(name);
    const observed = ack.ok ? 'ok' : ack.error.code;
    const refused = ABOUT_WHO.includes(observed);
    // Whoever was not let in is told that they have not joined (`conflict`) where the door alone does not refuse them.
    const right =
      expected === 'allowed' ? !refused : refused ? observed === expected : observed === 'conflict';
    if (!right || observed === 'server.failed')
      wrong.push(`${name}: ${observed} where the table says ${expected}`);
  }
  return { wrong, succeeded };
}
