import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { Metadata } from '@tus/server';
import { z } from 'zod';
import { HubError } from '../platform/errors.ts';
import type { HubEnv } from '../platform/http/environment.ts';
import type { Videos } from './service.ts';

/** What tus calls metadata: pairs of a name and a value in base64. */
const newVideo = z.object({
  title: z.string().trim().min(1).max(80),
  regionCode: z.string().regex(/^\d{6,12}$/),
  visibility: z.enum(['public', 'signed-in', 'owner']).default('signed-in'),
  byteLength: z.coerce.number().int().min(1),
});

/** `/uploads`: resumable uploads by tus 1.0. */
export function uploadRoutes({ uploads }: Videos) {
  const tags = ['videos'];
  return new Hono<HubEnv>()
    .post('/', describeRoute({ tags, summary: 'Begin a resumable upload (tus 1.0 creation)' }), async (c) => {
      const input = newVideo.safeParse({
        ...readMetadata(c.req.header('upload-metadata')),
        byteLength: c.req.header('upload-length'),
      });
      if (!input.success)
        throw new HubError('input.invalid', {
          message: 'Upload-Metadata needs title and regionCode, Upload-Length the size of the file',
          fields: input.error.issues.map((issue) => ({
            ...{ path: issue.path.join('.'), rule: issue.code, message: issue.message },
          })),
        });
      return uploads.begin(c.get('caller'), input.data, c.req.raw);
    })
    .get('/:id', describeRoute({ tags, summary: 'HEAD: how much of an upload has come' }), async (c) => {
      // The router hands HEAD to GET; what was uploaded is not for download here.
      if (c.req.method !== 'HEAD') throw new HubError('method-not-allowed');
      return uploads.proceed(c.get('caller'), c.req.param('id'), c.req.raw);
    })
    .patch('/:id', describeRoute({ tags, summary: 'A piece of an upload' }), async (c) =>
      uploads.proceed(c.get('caller'), c.req.param('id'), c.req.raw),
    )
    .delete('/:id', describeRoute({ tags, summary: 'Give an upload up' }), async (c) =>
      uploads.proceed(c.get('caller'), c.req.param('id'), c.req.raw),
    );
}

function readMetadata(header: string | undefined): Record<string, string | null> {
  try {
    return Metadata.parse(header);
  } catch (error) {
    throw new HubError('input.malformed', { message: 'Upload-Metadata is not as tus has it', cause: error });
  }
}
