import { Readable } from 'node:stream';
import type { HlsAnswer } from '../../../media/contract.ts';
import { HubError } from '../errors.ts';

const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl';

/** Turns what the media plane answers into an HTTP response. Everything under a path token is the same for all viewers. */
export function responseOf(answer: HlsAnswer, cache: 'shared' | 'private', method = 'GET'): Response {
  if (answer.kind === 'not-found') throw new HubError('not-found');
  if (answer.kind === 'bad-request') throw new HubError('input.malformed', { message: answer.reason });
  if (answer.kind === 'range-not-satisfiable') {
    return new Response(null, {
      status: 416,
      headers: { 'Content-Range': `bytes */${answer.totalBytes}`, 'Cache-Control': 'no-store' },
    });
  }
  if (answer.kind === 'playlist') {
    return new Response(answer.body, {
      headers: {
        'Content-Type': PLAYLIST_TYPE,
        'Cache-Control': playlistCaching(answer.maxAgeSeconds, cache),
      },
    });
  }
  const { body, range } = answer;
  // Whoever asks for the head only never reads the body.
  if (method === 'HEAD' && body instanceof Readable) body.destroy();
  return new Response(method === 'HEAD' ? null : bodyOf(body), {
    status: range ? 206 : 200,
    headers: {
      'Content-Type': answer.contentType,
      'Content-Length': String(answer.byteLength),
      'Accept-Ranges': 'bytes',
      'Cache-Control': `public, max-age=${answer.maxAgeSeconds}, immutable`,
      ...(range ? { 'Content-Range': `bytes ${range.start}-${range.end}/${range.totalBytes}` } : {}),
    },
  });
}

function playlistCaching(maxAgeSeconds: number, cache: 'shared' | 'private'): string {
  if (cache === 'private') return 'private, no-store';
  return maxAgeSeconds > 0 ? `public, max-age=${maxAgeSeconds}` : 'no-cache';
}

function bodyOf(body: Uint8Array | Readable): ConstructorParameters<typeof Response>[0] {
  if (body instanceof Readable) return Readable.toWeb(body) as ReadableStream<Uint8Array>;
  return body as Uint8Array<ArrayBuffer>;
}
