import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import type { HubEnv } from '../../platform/http/environment.ts';
import { fileBodies } from '../../platform/http/file-bodies.ts';
import { parse } from '../../platform/http/parse.ts';
import type { Training } from '../service.ts';

const marks = z.object({
  photoId: z.string().min(1).max(64),
  marks: z
    .array(
      z.object({
        number: z.number().int().min(1).max(500),
        signedIn: z.boolean().default(true),
        signedOut: z.boolean().default(false),
      }),
    )
    .min(1)
    .max(500),
});

const described = (summary: string) => describeRoute({ tags: ['sign-in'], summary });

/** `/api/sheets`: sheets of paper, by the code at their foot. They are printed below `/api/sessions`. */
export function sheetRoutes(training: Training) {
  return new Hono<HubEnv>()
    .get('/:code', described('A printed sheet and what was entered from it, masked'), async (c) =>
      c.json(await training.readSheet(c.get('caller'), c.req.param('code'))),
    )
    .post(
      '/:code/photos',
      described('Take in a photo of the signed sheet (JPEG, PNG or WebP)'),
      async (c) => {
        const [caller, code] = [c.get('caller'), c.req.param('code')];
        return c.json(await fileBodies.with(c, (photo) => training.addSheetPhoto(caller, code, photo)), 201);
      },
    )
    .post(
      '/:code/marks',
      described('Enter what the photographed sheet says'),
      parse('json', marks),
      async (c) =>
        c.json(await training.enterSheet(c.get('caller'), c.req.param('code'), c.req.valid('json'))),
    );
}

/** `/api/sheet-photos`: the evidence. */
export function sheetPhotoRoutes(training: Training) {
  return new Hono<HubEnv>().get('/:id', described('A photo of a signed sheet'), async (c) => {
    const { bytes, mediaType } = await training.readSheetPhoto(c.get('caller'), c.req.param('id'));
    return c.body(new Uint8Array(bytes), 200, {
      'Content-Type': mediaType,
      'Cache-Control': 'private, max-age=3600',
    });
  });
}
