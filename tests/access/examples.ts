import { EVERYWHERE } from '../../server/platform/access/actor.ts';
import type { Example } from './example.ts';
import { BROADCAST_EXAMPLES } from './examples-broadcasts.ts';
import { COURSE_EXAMPLES } from './examples-courses.ts';
import { IDENTITY_EXAMPLES } from './examples-identity.ts';
import { IMPORT_EXAMPLES } from './examples-imports.ts';
import { TRAINING_EXAMPLES } from './examples-training.ts';
import { VIDEO_EXAMPLES } from './examples-videos.ts';

/** The hub itself is nobody's county. */
const everywhere = () => ({ regionCode: EVERYWHERE });

/** One example for each door of `DOORS`. A door without one fails the walk: add it here, or in the file of its room. */
export const EXAMPLES: Readonly<Record<string, Example>> = {
  'GET /healthz': {},
  'GET /readyz': {},
  'GET /metrics': {},
  'GET /api/openapi.json': {},
  'GET /api/docs': {},
  'GET /api/docs/:asset': { request: () => ({ params: { asset: 'docs.js' } }) },
  'GET /api/operations/parked': { about: everywhere },
  'POST /api/operations/parked/:consumer/:seq/retry': {
    about: everywhere,
    request: () => ({ params: { consumer: 'nobody', seq: '1' } }),
    neverSucceeds: 'nothing is parked in a healthy hub',
  },
  ...IDENTITY_EXAMPLES,
  ...BROADCAST_EXAMPLES,
  ...TRAINING_EXAMPLES,
  ...IMPORT_EXAMPLES,
  ...COURSE_EXAMPLES,
  ...VIDEO_EXAMPLES,
};
