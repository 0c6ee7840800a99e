import type { Server as HttpServer } from 'node:http';
import { Gauge, type Registry } from 'prom-client';
import { Server } from 'socket.io';
import type { Authenticator } from '../platform/http/identify.ts';
import { openBudget } from '../platform/budget.ts';
import { localeOf } from '../platform/http/locale.ts';
import type { Logger } from '../platform/log.ts';
import { HubError } from '../platform/errors.ts';
import type { Announce, HubSocket, SocketData } from './connection.ts';
import { cutIfOver, dispatch } from './dispatch.ts';
import type { Ack } from './messages.ts';
import { headersOf, isOwnOrigin } from './origin.ts';
import { MessageRegistry, type SocketMessage } from './registry.ts';
import { endSlowSockets } from './slow-sockets.ts';

export { socketMessage } from './registry.ts';

/** A page that vanishes without a word is noticed after at most the sum of both. */
const PING_INTERVAL_MS = 3_500;
const PING_TIMEOUT_MS = 3_500;
/** Device capabilities and RTP parameters are the largest messages: about 15 kB. */
const MAX_MESSAGE_BYTES = 128 * 1024;
/** How long a socket may listen after its session ran out, or was ended by another process. */
const SESSION_SWEEP_MS = 10_000;
const SLOW_SWEEP_MS = 1_000;
/** What one socket may say. Entering a room, with its media, takes about twenty messages; a page that enters again and again stays below. */
const BURST_MESSAGES = 200;
const BURST_SECONDS = 10;

export type Realtime = ReturnType<typeof openRealtime>;

/** The hub's sockets: handshake, one schema and one rule for every message, acknowledgements, groups. Knows no broadcasts. */
export function openRealtime(parts: {
  authenticator: Authenticator;
  log: Logger;
  metrics: Registry;
  publicOrigin: string | undefined;
  /** Vite takes upgrades of its own on the same port; nothing else does. */
  sharesUpgrades: boolean;
}) {
  const { authenticator, log } = parts;
  const registry = new MessageRegistry();
  const budget = openBudget(BURST_MESSAGES, BURST_SECONDS);
  const goneListeners = new Set<(socketId: string, silent: boolean) => void>();
  const io = new Server<
    Record<string, (...said: unknown[]) => void>,
    Record<string, (payload: unknown) => void>,
    Record<string, never>,
    SocketData
  >({
    serveClient: false,
    destroyUpgrade: !parts.sharesUpgrades,
    pingInterval: PING_INTERVAL_MS,
    pingTimeout: PING_TIMEOUT_MS,
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    allowRequest: (request, answer) => {
      const own = isOwnOrigin(request.headers, parts.publicOrigin);
      answer(own ? null : 'access.origin', own);
    },
  });
  new Gauge({
    name: 'xiangbo_sockets',
    help: 'Sockets that are open now',
    registers: [parts.metrics],
    collect() {
      this.set(io.of('/').sockets.size);
    },
  });

  io.use((socket, next) => {
    const headers = headersOf(socket.handshake.headers);
    socket.data.headers = headers;
    socket.data.locale = localeOf(headers);
    authenticator.identify(headers).then(
      ({ caller }) => {
        socket.data.caller = caller;
        next();
      },
      (error: unknown) => {
        if (!(error instanceof HubError)) log.error({ err: error }, 'a handshake failed');
        next(new Error(error instanceof HubError ? error.code : 'server.failed'));
      },
    );
  });
  io.on('connection', (socket: HubSocket) => {
    socket.onAny((name: string, ...said: unknown[]) => void hear(socket, name, said));
    socket.on('disconnect', (reason) => {
      for (const listener of goneListeners) listener(socket.id, reason === 'ping timeout');
    });
  });

  async function hear(socket: HubSocket, name: string, said: unknown[]): Promise<void> {
    const acknowledge = said.findLast((part) => typeof part === 'function') as
      ((ack: Ack<unknown>) => void) | undefined;
    const input = typeof said[0] === 'function' ? undefined : said[0];
    const ack = await dispatch(socket, { name, input }, { registry, budget, authenticator, log });
    acknowledge?.(ack);
  }

  async function sweep(accountId?: string): Promise<void> {
    for (const socket of io.of('/').sockets.values()) {
      if (accountId === undefined || socket.data.caller?.accountId === accountId)
        await cutIfOver(socket, { authenticator, log });
    }
  }
  function reportSweep(error: unknown): void {
    log.error({ err: error }, 'sessions of sockets could not be checked');
  }
  let sweeping: Promise<void> | undefined;
  const sweeper = setInterval(() => {
    sweeping ??= sweep()
      .catch(reportSweep)
      .finally(() => (sweeping = undefined));
  }, SESSION_SWEEP_MS);
  sweeper.unref();
  const slowSweeper = setInterval(() => {
    const ended = endSlowSockets(io.of('/').sockets.values());
    if (ended > 0) log.warn({ ended }, 'sockets that did not read were ended');
  }, SLOW_SWEEP_MS);
  slowSweeper.unref();

  const announce: Announce = (group, event, payload) => void io.to(group).emit(event, payload);

  return {
    announce,
    /** Opens the messages of a room. Throws for one without a rule in the access table. */
    register: (messages: readonly SocketMessage[]) => registry.add(messages),
    /** Names of all registered messages, for the test that walks them. */
    messageNames: () => registry.names(),
    /** Calls the listener with the id of each socket that is gone, and whether it had been silent before that. */
    onGone(listener: (socketId: string, silent: boolean) => void): void {
      goneListeners.add(listener);
    },
    /** Something about an account's sign-ins has changed: its sockets whose sign-in is over are cut. */
    recheck(accountId: string): void {
      sweep(accountId).catch(reportSweep);
    },
    /**
     * The rights of an account have changed: its sockets are dropped as a network would drop them. Pages come back by
     * themselves and join again, where they still may.
     */
    reenter(accountId: string): void {
      for (const socket of io.of('/').sockets.values())
        if (socket.data.caller?.accountId === accountId) socket.conn.close();
    },
    attach(server: HttpServer): void {
      io.attach(server);
    },
    /** Lets every socket go so that the port can close; pages come back by themselves when the hub does. */
    async close(): Promise<void> {
      clearInterval(sweeper);
      clearInterval(slowSweeper);
      await sweeping;
      // Not io.close(): it says "disconnected by the server", after which clients do not try again.
      io.engine?.close();
    },
  };
}
