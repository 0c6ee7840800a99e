import {
  createServer as createHttp,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttps } from 'node:https';
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { getRequestListener } from '@hono/node-server';
import { tellWebAdapter } from './platform/env.ts';
import { openPipelineGuard } from './platform/http/pipelining.ts';
import type { Config } from './platform/config.ts';
import type { Logger } from './platform/log.ts';
import type { Hub } from './hub.ts';

/** The port the hub was told to serve on is held by another process. */
export class PortBusyError extends Error {}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const API_PATHS = /^\/(api|hls|whip|whep|videos|uploads)(\/|$|\?)|^\/(healthz|readyz|metrics)($|\?)/;
const WEB_HANDLER = fileURLToPath(new URL('../build/handler.js', import.meta.url));

/** Where the web finds the running app (web/lib/api/running-app.ts): it must not load a second copy of the server. */
const RUNNING_APP = Symbol.for('xiangbo.app');

/** A connection on which nothing moves for so long is let go: what waits for its reader would stay in memory for ever. */
const IDLE_CONNECTION_MS = 120_000;

/** Serves API, web and sockets on one port. Resolves when connections are accepted. */
export async function serve(
  hub: Hub,
  config: Config,
  log: Logger,
): Promise<{ origin: string; server: Server; close(): Promise<void> }> {
  const api = getRequestListener(hub.app.fetch);
  Object.assign(globalThis, { [RUNNING_APP]: { fetch: hub.app.fetch, sample: config.demo } });
  let web: Handler = notServed;
  const mayBeAnswered = openPipelineGuard();
  const handler: Handler = (request, response) => {
    if (!mayBeAnswered(request, response)) return;
    const listener = API_PATHS.test(request.url ?? '') ? api : web;
    Promise.resolve(listener(request, response)).catch((error: unknown) => {
      log.error({ err: error, url: request.url }, 'a request could not be answered');
      response.destroy();
    });
  };
  const server = config.tls ? createHttps(config.tls, handler) : createHttp(handler);
  server.setTimeout(IDLE_CONNECTION_MS);
  web = config.development ? await openDevelopmentWeb(server) : await loadWeb(config);
  hub.attachSockets(server);
  const closeUpgraded = keepUpgraded(server);
  await listen(server, config);
  const { port } = server.address() as AddressInfo;
  const scheme = config.tls ? 'https' : 'http';
  return {
    server,
    origin:
      config.publicOrigin ??
      `${scheme}://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`,
    close: async () => {
      await hub.closeSockets();
      await new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
        closeUpgraded();
      });
    },
  };
}

/** Upgraded connections are no longer the server's: it neither closes them nor ends before they do. */
function keepUpgraded(server: Server): () => void {
  const upgraded = new Set<Duplex>();
  server.on('upgrade', (_, socket) => {
    upgraded.add(socket);
    // Node takes its own listener away here: without one, a reset of a connection that nobody took ends the process.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => upgraded.delete(socket));
  });
  return () => {
    for (const socket of upgraded) socket.destroy();
  };
}

const notServed: Handler = (_, response) => void response.writeHead(503).end();

/** Vite inside this process: a change shows at once, and loads still reach the running app. */
async function openDevelopmentWeb(server: Server): Promise<Handler> {
  const { createServer } = await import('vite');
  const configFile = fileURLToPath(new URL('../vite.config.ts', import.meta.url));
  const vite = await createServer({ configFile, server: { middlewareMode: true, hmr: { server } } });
  server.once('close', () => void vite.close());
  return (request, response) => vite.middlewares(request, response);
}

/** What the hub itself tells adapter-node of a request; whatever a client sent under these names is overwritten. */
const PROTOCOL_HEADER = 'x-xiangbo-proto';
const ADDRESS_HEADER = 'x-xiangbo-address';

/** adapter-node's handler. It reads scheme and address from headers, because it cannot see TLS or trust a proxy. */
async function loadWeb(config: Config): Promise<Handler> {
  if (!existsSync(WEB_HANDLER))
    throw new Error('The web is not built. Run: npm start (it builds what is missing).');
  tellWebAdapter({ protocolHeader: PROTOCOL_HEADER, addressHeader: ADDRESS_HEADER });
  const { handler } = (await import(pathToFileURL(WEB_HANDLER).href)) as { handler: Handler };
  return (request, response) => {
    const told = (name: string) => (config.trustProxy ? String(request.headers[name] ?? '') : '');
    request.headers[PROTOCOL_HEADER] = told('x-forwarded-proto') || (config.tls ? 'https' : 'http');
    request.headers[ADDRESS_HEADER] =
      told('x-forwarded-for').split(',').at(-1)?.trim() || (request.socket.remoteAddress ?? 'unknown');
    return handler(request, response);
  };
}

function listen(server: Server, config: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const busy = error.code === 'EADDRINUSE';
      reject(
        busy
          ? new PortBusyError(
              `Port ${config.port} on ${config.host} is in use. End the program that holds it, or choose another: PORT=3001 npm start`,
            )
          : error,
      );
    });
    server.listen(config.port, config.host, resolve);
  });
}
