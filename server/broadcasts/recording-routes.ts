import { Readable } from 'node:stream';
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { parseByteRange } from '../../media/hls/byte-range.ts';
import type { HubEnv } from '../platform/http/environment.ts';
import { parse } from '../platform/http/parse.ts';
import type { Broadcasts } from './service.ts';

/** A card may show a picture that is so old; the next one is taken every few seconds. */
const PICTURE_SECONDS = 5;

const trim = z
  .object({ startMs: z.int().min(0), endMs: z.int().min(0) })
  .nullable()
  .describe('Milliseconds of the whole recording; null shows all of it again');
const hold = z.object({ reason: z.string().trim().min(1).max(200).nullable() });
const within = z.object({ withinDays: z.coerce.number().int().min(0).max(3660).default(30) });
const seconds = z.coerce.number().min(0).max(1_000_000).optional();
const span = z.object({
  from: seconds.describe('Seconds of the replay'),
  to: seconds.describe('Seconds of the replay'),
});

/** What is kept of a broadcast, below its own address. */
export function recordingRoutes(broadcasts: Broadcasts) {
  const tags = ['recordings'];
  return new Hono<HubEnv>()
    .get(
      '/:id/thumbnail.jpg',
      describeRoute({ tags, summary: 'The latest picture while live, afterwards the poster' }),
      async (c) => {
        const { bytes, takenAtMs } = await broadcasts.readPicture(c.get('caller'), c.req.param('id'));
        const tag = `"${takenAtMs}-${bytes.length}"`;
        const headers = {
          ETag: tag,
          'Last-Modified': new Date(takenAtMs).toUTCString(),
          'Cache-Control': `private, max-age=${PICTURE_SECONDS}`,
        };
        if (c.req.header('If-None-Match') === tag) return new Response(null, { status: 304, headers });
        return new Response(bytes as Uint8Array<ArrayBuffer>, {
          headers: { ...headers, 'Content-Type': 'image/jpeg', 'Content-Length': String(bytes.length) },
        });
      },
    )
    .get(
      '/:id/recording',
      describeRoute({ tags, summary: 'Length, ends and gaps of the replay' }),
      async (c) => c.json(await broadcasts.readRecordingFacts(c.get('caller'), c.req.param('id'))),
    )
    .get(
      '/:id/recording.mp4',
      describeRoute({ tags, summary: 'The replay, or a span of it, as a file; ranges are served' }),
      parse('query', span),
      async (c) => {
        const { from, to } = c.req.valid('query');
        const asked = { fromMs: ms(from), toMs: ms(to) };
        const id = c.req.param('id');
        const { file, tag, title } = await broadcasts.openDownload(c.get('caller'), id, asked);
        const etag = `"${tag}"`;
        const headers = {
          'Content-Type': 'video/mp4',
          'Accept-Ranges': 'bytes',
          'Cache-Control': 'private, no-cache',
          'Content-Disposition': `attachment; filename="recording.mp4"; filename*=UTF-8''${encodeURIComponent(`${title}.mp4`)}`,
          ETag: etag,
        };
        const ifRange = c.req.header('If-Range');
        const fresh = ifRange === undefined || ifRange === etag;
        const range = parseByteRange(fresh ? c.req.header('Range') : undefined, file.byteLength);
        if (range === 'unsatisfiable') {
          const of = { 'Content-Range': `bytes */${file.byteLength}`, 'Cache-Control': 'no-store' };
          return new Response(null, { status: 416, headers: of });
        }
        const { start, end } = range === 'whole' ? { start: 0, end: file.byteLength - 1 } : range;
        // Whoever asks for the head only never reads the body.
        const body = c.req.method === 'HEAD' ? null : Readable.toWeb(file.read({ start, end }));
        return new Response(body as ReadableStream<Uint8Array> | null, {
          status: range === 'whole' ? 200 : 206,
          headers: {
            ...headers,
            'Content-Length': String(end - start + 1),
            ...(range === 'whole' ? {} : { 'Content-Range': `bytes ${start}-${end}/${file.byteLength}` }),
          },
        });
      },
    )
    .put(
      '/:id/trim',
      describeRoute({ tags, summary: 'Leave out both ends of the replay; the recording stays whole' }),
      parse('json', z.object({ trim })),
      async (c) =>
        c.json(await broadcasts.trim(c.get('caller'), c.req.param('id'), c.req.valid('json').trim)),
    )
    .put(
      '/:id/hold',
      describeRoute({ tags, summary: 'Keep a recording beyond its time, or no longer' }),
      parse('json', hold),
      async (c) =>
        c.json(await broadcasts.hold(c.get('caller'), c.req.param('id'), c.req.valid('json').reason)),
    );
}

/** Recordings as such, for administrators. */
export function retentionRoutes(broadcasts: Broadcasts) {
  return new Hono<HubEnv>().get(
    '/expiring',
    describeRoute({ tags: ['recordings'], summary: 'What the daily job will remove within so many days' }),
    parse('query', within),
    async (c) => {
      const { withinDays } = c.req.valid('query');
      return c.json({ recordings: await broadcasts.listExpiring(c.get('caller'), withinDays) });
    },
  );
}

const ms = (value: number | undefined) => (value === undefined ? undefined : Math.round(value * 1000));
