import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import type { HlsAnswer, HlsSource } from '../../media/contract.ts';
import { parsePlaylistName } from '../../media/hls/names.ts';
import { HubError } from '../platform/errors.ts';
import type { HubEnv } from '../platform/http/environment.ts';
import { parse } from '../platform/http/parse.ts';
import { responseOf } from '../platform/playback/answer.ts';
import { throughMedia } from './media-errors.ts';
import type { Broadcasts } from './service.ts';

/** The directives of blocking playlist reload (Low-Latency HLS, RFC 8216bis 6.2.5). */
const directives = z.object({
  _HLS_msn: z.coerce.number().int().min(0).optional(),
  _HLS_part: z.coerce.number().int().min(0).optional(),
  _HLS_skip: z.enum(['YES', 'v2']).optional(),
});

/**
 * A broadcast over HTTP. Only the master playlist asks who wants it; below it, everything is the same for all viewers
 * and lies under their shared path token, so that any HTTP cache may stand in front.
 */
export function hlsRoutes(broadcasts: Broadcasts) {
  const tags = ['playback'];
  return new Hono<HubEnv>()
    .get(
      '/:id/index.m3u8',
      describeRoute({ tags, summary: 'Master playlist: live with low-latency parts, later the replay' }),
      async (c) => {
        const { source, ...addresses } = await broadcasts.openPlaylist(c.get('caller'), c.req.param('id'));
        return masterOf(() => source.master(addresses));
      },
    )
    .get(
      '/:id/sound.m3u8',
      describeRoute({ tags, summary: 'Master playlist of the sound alone, for poor networks' }),
      async (c) => {
        const { source, ...addresses } = await broadcasts.openPlaylist(c.get('caller'), c.req.param('id'));
        return masterOf(() => source.master({ ...addresses, only: 'sound' }));
      },
    )
    .get(
      '/:id/:token/:file',
      describeRoute({ tags, summary: 'Media playlist, segments and parts named in it' }),
      parse('query', directives),
      async (c) => {
        const { id, token, file } = c.req.param();
        const source = await broadcasts.openByToken(c.get('caller'), id, token);
        const { signal, method } = c.req.raw;
        const query = c.req.valid('query');
        return responseOf(
          await throughMedia(() => ask(source, file, { query, range: c.req.header('range'), signal })),
          'shared',
          method,
        );
      },
    );
}

async function masterOf(work: () => HlsAnswer): Promise<Response> {
  const answer = await throughMedia(work);
  if (answer.kind === 'not-found') throw new HubError('broadcast.not-live');
  return responseOf(answer, 'private');
}

function ask(
  source: HlsSource,
  file: string,
  { query, range, signal }: { query: z.infer<typeof directives>; range?: string; signal: AbortSignal },
): Promise<HlsAnswer> {
  const rendition = parsePlaylistName(file);
  if (!rendition) return source.resource(file, { range, signal });
  return source.awaitPlaylist({
    rendition,
    msn: query._HLS_msn,
    part: query._HLS_part,
    skip: query._HLS_skip !== undefined,
    signal,
  });
}
