import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import type { HubEnv } from '../platform/http/environment.ts';
import type { Broadcasts } from './service.ts';

/** The formats change with a release: a page older than this may hear of those before. */
const FRESH_SECONDS = 300;

export function mediaRoutes(broadcasts: Pick<Broadcasts, 'readFormats'>) {
  return new Hono<HubEnv>().get(
    '/formats',
    describeRoute({
      tags: ['broadcasts'],
      summary: 'What a broadcast takes and sends by WebRTC, for a browser to prepare before it joins one',
    }),
    (c) => {
      c.header('Cache-Control', `public, max-age=${FRESH_SECONDS}`);
      return c.json(broadcasts.readFormats());
    },
  );
}
