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
  'POST /api/auth/login': 'session.open',
  'POST /api/auth/logout': 'session.close',
  'POST /api/auth/logout-everywhere': 'session.close',
  'GET /api/auth/me': 'session.read',
  'PATCH /api/auth/me': 'account.change-name',
  'GET /api/auth/notice': 'account.register',
  'POST /api/auth/register': 'account.register',
  'POST /api/auth/recover': 'account.recover',
  'POST /api/auth/password': 'account.change-password',
  'GET /api/auth/tokens': 'token.issue',
  'POST /api/auth/tokens': 'token.issue',
  'DELETE /api/auth/tokens/:id': 'token.revoke',
  'GET /api/setup/:token': 'hub.setup',
  'POST /api/setup': 'hub.setup',
  'GET /api/persons': 'person.list',
  'POST /api/persons': 'person.register',
  'GET /api/persons/:id': 'person.list',
  'POST /api/persons/:id/verification': 'person.verify',
  'POST /api/persons/:id/recovery-code': 'account.issue-code',
  'GET /api/grants': 'grant.list',
  'POST /api/grants': 'grant.give',
  'DELETE /api/grants/:id': 'grant.revoke',

  'GET /api/regions': 'region.read',
  'POST /api/regions': 'region.add',
};
