import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import type { HubEnv } from '../platform/http/environment.ts';
import { parse } from '../platform/http/parse.ts';
import { responseOf } from '../platform/playback/answer.ts';
import type { Videos } from './service.ts';

const filter = z.object({ mine: z.literal('true').optional(), before: z.string().max(64).optional() });
const changes = z.object({
  title: z.string().trim().min(1).max(80).optional(),
  visibility: z.enum(['public', 'signed-in', 'owner']).optional(),
  priority: z.number().int().min(-1).max(1).optional(),
});
const subtitlesOf = z.object({ id: z.string(), language: z.enum(['zh-CN', 'en']) });
const subtitles = z.object({ content: z.string().min(1).max(900_000) });

/** `/api/videos` */
export function videoRoutes(videos: Videos) {
  const tags = ['videos'];
  return new Hono<HubEnv>()
    .get(
      '/',
      describeRoute({ tags, summary: 'Videos the caller may see, newest first; `mine=true`: their own' }),
      parse('query', filter),
      async (c) => {
        const { mine, before } = c.req.valid('query');
        return c.json({
          videos: await videos.listVideos(c.get('caller'), { mine: mine === 'true', before }),
        });
      },
    )
    .get('/:id', describeRoute({ tags, summary: 'State, progress and addresses of a video' }), async (c) =>
      c.json(await videos.readVideo(c.get('caller'), c.req.param('id'))),
    )
    .patch(
      '/:id',
      describeRoute({ tags, summary: 'Change its title, who may see it, or its place in the queue' }),
      parse('json', changes),
      async (c) => c.json(await videos.changeVideo(c.get('caller'), c.req.param('id'), c.req.valid('json'))),
    )
    .delete('/:id', describeRoute({ tags, summary: 'Remove a video and its files' }), async (c) => {
      await videos.deleteVideo(c.get('caller'), c.req.param('id'));
      return c.body(null, 204);
    })
    .post('/:id/cancel', describeRoute({ tags, summary: 'End its check or transcoding' }), async (c) =>
      c.json(await videos.cancelVideo(c.get('caller'), c.req.param('id'))),
    )
    .post('/:id/retry', describeRoute({ tags, summary: 'Begin again after a failure' }), async (c) =>
      c.json(await videos.retryVideo(c.get('caller'), c.req.param('id'))),
    )
    .put(
      '/:id/subtitles/:language',
      describeRoute({ tags, summary: 'Add or replace subtitles (WebVTT)' }),
      parse('param', subtitlesOf),
      parse('json', subtitles),
      async (c) => {
        const { id, language } = c.req.valid('param');
        const { content } = c.req.valid('json');
        return c.json(await videos.putSubtitles(c.get('caller'), id, language, content));
      },
    )
    .delete(
      '/:id/subtitles/:language',
      describeRoute({ tags, summary: 'Remove subtitles' }),
      parse('param', subtitlesOf),
      async (c) => {
        const { id, language } = c.req.valid('param');
        return c.json(await videos.deleteSubtitles(c.get('caller'), id, language));
      },
    );
}

/** `/videos`: playback. Only the master asks who wants it; what lies below its token any cache may serve. */
export function videoPlaybackRoutes(videos: Videos) {
  const tags = ['playback'];
  return new Hono<HubEnv>()
    .get('/:id/index.m3u8', describeRoute({ tags, summary: 'Master playlist of a video' }), async (c) =>
      responseOf(await videos.openMaster(c.get('caller'), c.req.param('id')), 'private'),
    )
    .get(
      '/:id/:token/:file',
      describeRoute({ tags, summary: 'Playlists, segments, subtitles and poster of a video' }),
      async (c) => {
        const { id, token, file: name } = c.req.param();
        const asked = { id, token, name, range: c.req.header('range') };
        return responseOf(await videos.openFile(c.get('caller'), asked), 'shared', c.req.method);
      },
    );
}
