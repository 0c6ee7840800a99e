import { TEST_PASSWORD } from '../support/sign-in-as.ts';
import { actorOf, COUNTY } from './callers.ts';
import type { Example } from './example.ts';
import { newVillager } from './world.ts';

/** The thing lies in the county and belongs to nobody in particular. */
const inCounty = () => ({ regionCode: COUNTY });
/** Everybody's own account is theirs; a token may always ask what it is. */
const itself: Example['about'] = (_, asker) => ({
  broadcastId: asker.actor?.token?.broadcastId ?? undefined,
});

export const IDENTITY_EXAMPLES: Record<string, Example> = {
  'POST /api/auth/login': {
    request: ({ owner }) => ({ body: { username: owner.username, password: TEST_PASSWORD } }),
  },
  'POST /api/auth/logout': { endsSessions: true },
  'POST /api/auth/logout-everywhere': { endsSessions: true },
  'GET /api/auth/me': { about: itself },
  'PATCH /api/auth/me': { request: () => ({ body: { displayName: '小岩' } }) },
  'GET /api/auth/notice': {},
  'POST /api/auth/register': {
    request: (world) => ({
      body: {
        name: '咩罕',
        username: `newcomer-${world.next()}`,
        password: TEST_PASSWORD,
        homeRegionCode: COUNTY,
        noticeVersion: '2026-11',
      },
    }),
  },
  'POST /api/auth/recover': {
    request: async (world) => {
      const someone = await newVillager(world);
      const station = world.askers.find((asker) => asker.name === 'station of own')!.actor;
      const { code } = await world.t.hub.identity.issueRecoveryCode(station, someone.personId);
      return { body: { username: someone.username, code, password: TEST_PASSWORD } };
    },
  },
  'POST /api/auth/password': {
    endsSessions: true,
    request: () => ({ body: { current: TEST_PASSWORD, next: TEST_PASSWORD } }),
  },
  'GET /api/auth/tokens': {},
  'POST /api/auth/tokens': { request: () => ({ body: { scope: 'play' } }) },
  'DELETE /api/auth/tokens/:id': {
    request: async ({ t, owner }, asker) => {
      const { accountId, personId } = asker.who ?? owner;
      const own = { accountId, personId, grants: [] };
      return { params: { id: (await t.hub.identity.issueToken(own, { scope: 'play' })).id } };
    },
  },
  'GET /api/setup/:token': { request: ({ setupToken }) => ({ params: { token: setupToken } }) },
  'POST /api/setup': {
    request: (world) => ({
      body: {
        token: world.setupToken,
        username: `first-${world.next()}`,
        password: TEST_PASSWORD,
        name: '排早',
      },
    }),
    neverSucceeds: 'this hub has an administrator; tests/identity/setup.test.ts sets one up',
  },
  'GET /api/persons': { about: inCounty, request: () => ({ query: `regionCode=${COUNTY}` }) },
  'POST /api/persons': {
    about: inCounty,
    request: () => ({ body: { name: '咩罕', homeRegionCode: COUNTY, consent: { method: 'paper' } } }),
  },
  'GET /api/persons/alike': {},
  'POST /api/persons/apart': {
    about: inCounty,
    request: async (world) => ({
      body: { personIds: [(await newVillager(world)).personId, (await newVillager(world)).personId] },
    }),
  },
  'POST /api/persons/:id/merge': {
    about: inCounty,
    request: async (world) => ({
      params: { id: (await newVillager(world)).personId },
      body: { intoPersonId: (await newVillager(world)).personId, reason: '同一人' },
    }),
  },
  'POST /api/persons/:id/unmerge': {
    about: inCounty,
    request: async (world) => {
      const { personId } = await newVillager(world);
      const into = await newVillager(world);
      const station = actorOf(into, [{ role: 'station', regionCode: COUNTY }]);
      const merged = { intoPersonId: (await newVillager(world)).personId, reason: '同一人' };
      await world.t.hub.identity.mergePerson(station, personId, merged);
      return { params: { id: personId }, body: { reason: '不是同一人' } };
    },
  },
  'GET /api/persons/:id': {
    about: inCounty,
    request: ({ member }) => ({ params: { id: member.personId } }),
  },
  'POST /api/persons/:id/verification': {
    about: inCounty,
    request: async (world) => ({
      params: { id: (await newVillager(world)).personId },
      body: { source: 'village-roster' },
    }),
  },
  'POST /api/persons/:id/recovery-code': {
    about: inCounty,
    request: async (world) => ({ params: { id: (await newVillager(world)).personId } }),
  },
  'GET /api/grants': {},
  'POST /api/grants': {
    about: inCounty,
    request: async (world) => ({
      body: { username: (await newVillager(world)).username, role: 'trainer', regionCode: COUNTY },
    }),
  },
  'DELETE /api/grants/:id': {
    about: inCounty,
    request: async (world) => {
      const { accountId } = await newVillager(world);
      const id = await world.t.hub.identity.systemOnly.giveRole(accountId, 'trainer', COUNTY);
      return { params: { id } };
    },
  },
  'GET /api/regions': {},
  'POST /api/regions': {
    about: inCounty,
    request: (world) => ({
      body: {
        code: `${COUNTY}${String(world.next() % 1000).padStart(3, '0')}`,
        name: '某乡',
        parentCode: COUNTY,
      },
    }),
  },
};
