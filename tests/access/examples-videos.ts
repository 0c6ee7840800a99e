import { EVERYWHERE } from '../../server/platform/access/actor.ts';
import { COUNTY, type AskerKind } from './callers.ts';
import type { Example } from './example.ts';
import type { World } from './world.ts';

const NONE = { id: 'no-such-video' };
const NOTHING_READY = 'nothing was uploaded; tests/videos does';
const inCounty = () => ({ regionCode: COUNTY });
/** Of a video that is not there nothing is known: it is nobody's, in no region. */
const unknown: Example = {
  about: () => ({}),
  request: () => ({ params: NONE }),
  neverSucceeds: NOTHING_READY,
};
const anyones: Example = {
  // A missing thing is told before anyone is asked who they are, as it is of a broadcast.
  about: (_: World, asker: AskerKind) => ({
    member: true,
    regionCode: EVERYWHERE,
    broadcastId: asker.actor?.token?.broadcastId ?? undefined,
  }),
  request: () => ({ params: NONE }),
  neverSucceeds: NOTHING_READY,
};
const base64 = (text: string) => Buffer.from(text).toString('base64');

export const VIDEO_EXAMPLES: Record<string, Example> = {
  'POST /uploads': {
    about: inCounty,
    request: () => ({
      headers: {
        'Tus-Resumable': '1.0.0',
        'Upload-Length': '1000',
        'Upload-Metadata': `title ${base64('理货')},regionCode ${base64(COUNTY)}`,
      },
    }),
  },
  'GET /uploads/:id': unknown,
  'PATCH /uploads/:id': unknown,
  'DELETE /uploads/:id': unknown,
  'GET /api/videos': {},
  'GET /api/videos/:id': anyones,
  'PATCH /api/videos/:id': { ...unknown, request: () => ({ params: NONE, body: { priority: 1 } }) },
  'DELETE /api/videos/:id': unknown,
  'POST /api/videos/:id/cancel': unknown,
  'POST /api/videos/:id/retry': unknown,
  'PUT /api/videos/:id/subtitles/:language': {
    ...unknown,
    request: () => ({ params: { ...NONE, language: 'en' }, body: { content: 'WEBVTT' } }),
  },
  'DELETE /api/videos/:id/subtitles/:language': {
    ...unknown,
    request: () => ({ params: { ...NONE, language: 'en' } }),
  },
  'GET /videos/:id/index.m3u8': anyones,
  'GET /videos/:id/:token/:file': {
    ...anyones,
    request: () => ({ params: { ...NONE, token: 'none', file: 'poster.jpg' } }),
  },
};
