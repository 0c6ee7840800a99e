import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';
import type { BroadcastMedia } from '../../media/contract.ts';
import type { HlsAnswer, HlsSource } from '../../media/hls/contract.ts';

/** The least server that a browser needs for a broadcast: signalling by POST, HLS, a page. */
export interface MediaSite {
  url: string;
  /** What is served; may be replaced while the page stays open. */
  broadcast: BroadcastMedia;
  hls: HlsSource;
  close(): Promise<void>;
}

let bundle: Promise<string> | null = null;

async function bundleClient(): Promise<string> {
  const entry = fileURLToPath(new URL('./media-client.ts', import.meta.url));
  const [output] = (await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, minify: false, lib: { entry, formats: ['iife'], name: 'mediaClient' } },
  })) as Rolldown.RolldownOutput[];
  return output!.output[0].code;
}

export async function serveMedia(broadcast: BroadcastMedia): Promise<MediaSite> {
  bundle ??= bundleClient();
  const script = await bundle;
  const server = createServer((request, response) => {
    handle(site, script, request, response).catch((error) => {
      response.statusCode = 500;
      response.end(JSON.stringify({ message: String(error) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const site: MediaSite = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    broadcast,
    hls: broadcast.hls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return site;
}

async function handle(site: MediaSite, script: string, request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url ?? '/', site.url);
  if (url.pathname === '/rpc') return answerRpc(site, request, response);
  if (url.pathname === '/client.js') return response.end(script);
  if (url.pathname.startsWith('/hls/')) return answerHls(site.hls, url, request, response);
  if (url.pathname !== '/') response.statusCode = 404;
  response.setHeader('content-type', 'text/html');
  response.end('<!doctype html><link rel="icon" href="data:,"><body><script src="/client.js"></script>');
}

async function answerRpc(site: MediaSite, request: IncomingMessage, response: ServerResponse) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const call = JSON.parse(Buffer.concat(chunks).toString()) as {
    method: keyof BroadcastMedia;
    request: unknown;
  };
  const member = site.broadcast[call.method] as unknown;
  const result = typeof member === 'function' ? await member.call(site.broadcast, call.request) : member;
  response.end(JSON.stringify({ result: result ?? null }));
}

async function answerHls(hls: HlsSource, url: URL, request: IncomingMessage, response: ServerResponse) {
  const name = url.pathname.slice('/hls/'.length);
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const number = (key: string) =>
    url.searchParams.has(key) ? { value: Number(url.searchParams.get(key)) } : null;
  const [msn, part] = [number('_HLS_msn'), number('_HLS_part')];
  const range = request.headers.range;
  const answer =
    name === 'index.m3u8'
      ? hls.master({ folderUri: '' })
      : name === 'media.m3u8'
        ? await hls.awaitPlaylist({
            ...(msn ? { msn: msn.value } : {}),
            ...(part ? { part: part.value } : {}),
            skip: url.searchParams.get('_HLS_skip') === 'YES',
            signal: gone.signal,
          })
        : await hls.resource(name, { signal: gone.signal, ...(range ? { range } : {}) });
  send(answer, response);
}

function send(answer: HlsAnswer, response: ServerResponse) {
  if (answer.kind === 'playlist') {
    response.setHeader('content-type', 'application/vnd.apple.mpegurl');
    response.end(answer.body);
  } else if (answer.kind === 'media') {
    response.setHeader('content-type', answer.contentType);
    response.setHeader('content-length', answer.byteLength);
    if (answer.range) {
      response.statusCode = 206;
      const { start, end, totalBytes } = answer.range;
      response.setHeader('content-range', `bytes ${start}-${end}/${totalBytes}`);
    }
    if (answer.body instanceof Readable) answer.body.pipe(response);
    else response.end(answer.body);
  } else {
    response.statusCode = { 'bad-request': 400, 'not-found': 404, 'range-not-satisfiable': 416 }[answer.kind];
    response.end();
  }
}
