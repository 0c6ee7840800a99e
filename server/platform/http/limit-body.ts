import { bodyLimit } from 'hono/body-limit';
import { createMiddleware } from 'hono/factory';
import { HubError } from '../errors.ts';
import { LARGEST_FILE_BYTES } from '../spreadsheet/contract.ts';
import { LARGEST_COURSE_FILE_BYTES } from '../../../courses/formats/contract.ts';
import type { HubEnv } from './environment.ts';

const MEGABYTE = 1024 * 1024;
const ordinary = bodyLimit({ maxSize: MEGABYTE });

/** Where a file comes as the body, and how large it may be. */
const FILES = [
  { at: /^\/api\/imports\/(runs|regions)\//, most: LARGEST_FILE_BYTES },
  { at: /^\/api\/courses\/import$/, most: LARGEST_COURSE_FILE_BYTES },
  // A photo, a drawing, a document of a course.
  { at: /^\/api\/courses\/[^/]+\/(assets|lessons\/[^/]+\/photos)$/, most: 30 * MEGABYTE },
  // A photo of a signed sheet, as a phone takes it.
  { at: /^\/api\/sheets\/[^/]+\/photos$/, most: 20 * MEGABYTE },
];

/** Bytes of the file that may come as the body of an address; undefined where none comes. */
export const mostFileBytes = (path: string) => FILES.find(({ at }) => at.test(path))?.most;

/** Refuses what is larger than the address takes, before it is read. Files are read by `FileBodies`, which counts them. */
export const limitBody = createMiddleware<HubEnv>((c, next) => {
  const most = mostFileBytes(c.req.path);
  if (most === undefined) return ordinary(c, next);
  if (Number(c.req.header('content-length') ?? 0) > most)
    throw new HubError('input.too-large', { message: 'The body is too large' });
  return next();
});
