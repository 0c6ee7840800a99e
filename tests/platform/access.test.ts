import { describe, expect, it } from 'vitest';
import { regionCovers, type Actor, type Caller } from '../../server/platform/access/actor.ts';
import { decide } from '../../server/platform/access/decide.ts';
import type { Rule } from '../../server/platform/access/rule.ts';

describe('regionCovers', () => {
  it.each([
    ['000000', '533103', true],
    ['533100', '533103', true],
    ['533100', '533103001001', true],
    ['533103', '533103', true],
    ['533103', '533103001', true],
    ['533103', '533124', false],
    ['533103', '533100', false],
    ['533103001', '533103', false],
    ['533103001', '533103002', false],
    ['530300', '533103', false],
    ['533103100', '533103101', false],
  ])('%s covers %s: %s', (outer, inner, covered) => {
    expect(regionCovers(outer, inner)).toBe(covered);
  });
});

describe('decide', () => {
  const trainer: Actor = {
    accountId: 'a',
    personId: 'p',
    grants: [{ role: 'trainer', regionCode: '533103' }],
  };
  const host: Actor = { ...trainer, grants: [{ role: 'host', regionCode: '533103' }] };
  const roles: Rule = { who: 'roles', roles: ['trainer'], orOwner: ['host', 'trainer'], tokens: ['publish'] };
  const withToken = (broadcastId: string | null): Actor => ({
    ...trainer,
    token: { id: 't', scope: 'publish', broadcastId, expiresAt: '2027-01-01T00:00:00.000Z' },
  });

  it.each<[string, Rule, Caller, Parameters<typeof decide>[2], string]>([
    ['anyone', { who: 'anyone' }, undefined, {}, 'allowed'],
    ['anonymous', { who: 'signed-in' }, undefined, {}, 'auth.required'],
    ['anonymous and roles', roles, undefined, { regionCode: '533103' }, 'auth.required'],
    ['in the region', roles, trainer, { regionCode: '533103001' }, 'allowed'],
    ['in a sibling', roles, trainer, { regionCode: '533124' }, 'access.denied'],
    ['in the parent', roles, trainer, { regionCode: '533100' }, 'access.denied'],
    ['the owner as host', roles, host, { regionCode: '533103001', owner: true }, 'allowed'],
    ['a host who is not the owner', roles, host, { regionCode: '533103001' }, 'access.denied'],
    [
      'the owner whose role is elsewhere',
      roles,
      host,
      { regionCode: '533124', owner: true },
      'access.denied',
    ],
    [
      'the owner whose role was revoked',
      roles,
      { ...trainer, grants: [] },
      { regionCode: '533103', owner: true },
      'access.denied',
    ],
    [
      'a member where members may not',
      roles,
      trainer,
      { regionCode: '533124', member: true },
      'access.denied',
    ],
    ['a public thing', { ...roles, orMember: true }, undefined, { member: true }, 'allowed'],
    ['a token of the scope', roles, withToken(null), { regionCode: '533103' }, 'allowed'],
    [
      'a token cut to the broadcast',
      roles,
      withToken('b1'),
      { regionCode: '533103', broadcastId: 'b1' },
      'allowed',
    ],
    [
      'a token cut to another',
      roles,
      withToken('b1'),
      { regionCode: '533103', broadcastId: 'b2' },
      'access.denied',
    ],
    ['a token cut to one, asked without', roles, withToken('b1'), { regionCode: '533103' }, 'access.denied'],
    ['a token where none counts', { who: 'signed-in' }, withToken(null), {}, 'access.denied'],
  ])('%s', (_, rule, caller, about, verdict) => {
    expect(decide(rule, caller, about)).toBe(verdict);
  });
});
