import { bodyLimit } from 'hono/body-limit';
import { createMiddleware } from 'hono/factory';
import { LARGEST_FILE_BYTES } from '../spreadsheet/contract.ts';
import type { HubEnv } from './environment.ts';

const MAX_BODY_BYTES = 1024 * 1024;
/** Where a file comes as the body. */
const FILES = /^\/api\/imports\/(runs|regions)\//;

const ordinary = bodyLimit({ maxSize: MAX_BODY_BYTES });
const file = bodyLimit({ maxSize: LARGEST_FILE_BYTES });

/** Refuses what is larger than the address takes, before it is read. */
export const limitBody = createMiddleware<HubEnv>((c, next) =>
  FILES.test(c.req.path) ? file(c, next) : ordinary(c, next),
);
