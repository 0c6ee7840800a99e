import type { Action } from './table.ts';

/**
 * Every door of the hub and the action it leads to. A route (`METHOD /path`, as registered) or socket message
 * (`socket name`) that is missing here answers 500 and fails the build.
 */
export const DOORS: Readonly<Record<string, Action>> = {
  'GET /healthz': 'hub.observe',
  'GET /readyz': 'hub.observe',
  'GET /metrics': 'hub.observe',
  'GET /api/openapi.json': 'hub.observe',
  'GET /api/docs': 'hub.observe',
  'GET /api/docs/:asset': 'hub.observe',
  'GET /api/operations/parked': 'hub.repair',
  'POST /api/operations/parked/:consumer/:seq/retry': 'hub.repair',
  'GET /api/regions': 'region.read',
  'POST /api/regions': 'region.add',
};
