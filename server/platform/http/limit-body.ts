import { bodyLimit } from 'hono/body-limit';
import { createMiddleware } from 'hono/factory';
import { LARGEST_FILE_BYTES } from '../spreadsheet/contract.ts';
import { LARGEST_COURSE_FILE_BYTES } from '../../../courses/formats/contract.ts';
import type { HubEnv } from './environment.ts';

const MEGABYTE = 1024 * 1024;
const ordinary = bodyLimit({ maxSize: MEGABYTE });

/** Where a file comes as the body, and how large it may be. */
const FILES = [
  { at: /^\/api\/imports\/(runs|regions)\//, limit: bodyLimit({ maxSize: LARGEST_FILE_BYTES }) },
  { at: /^\/api\/courses\/import$/, limit: bodyLimit({ maxSize: LARGEST_COURSE_FILE_BYTES }) },
  // A photo, a drawing, a document of a course.
  {
    at: /^\/api\/courses\/[^/]+\/(assets|lessons\/[^/]+\/photos)$/,
    limit: bodyLimit({ maxSize: 30 * MEGABYTE }),
  },
  // A photo of a signed sheet, as a phone takes it.
  { at: /^\/api\/sheets\/[^/]+\/photos$/, limit: bodyLimit({ maxSize: 20 * MEGABYTE }) },
];

/** Refuses what is larger than the address takes, before it is read. */
export const limitBody = createMiddleware<HubEnv>((c, next) => {
  const { limit } = FILES.find(({ at }) => at.test(c.req.path)) ?? { limit: ordinary };
  return limit(c, next);
});
