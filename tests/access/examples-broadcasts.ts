import type { Circumstances } from '../../server/platform/access/decide.ts';
import { shanghaiDay } from '../../server/platform/clock.ts';
import { COUNTY, type AskerKind } from './callers.ts';
import type { Example } from './example.ts';
import { newBroadcast, type World } from './world.ts';

/** The world's broadcast: for members only, of the owner. */
export function aboutBroadcast(world: World, asker: AskerKind): Circumstances {
  return {
    regionCode: COUNTY,
    owner: asker.who === world.owner,
    member: asker.who !== undefined && [world.member, world.enrolledOfficial].includes(asker.who),
    broadcastId: world.broadcastId,
  };
}
const theBroadcast = ({ broadcastId }: World) => ({ params: { id: broadcastId } });

export const BROADCAST_EXAMPLES: Record<string, Example> = {
  'GET /api/broadcasts': {},
  'GET /api/media/formats': {},
  'POST /api/broadcasts': {
    about: () => ({ regionCode: COUNTY }),
    request: () => ({ body: { title: '直播开店', kind: 'class', regionCode: COUNTY } }),
  },
  'GET /api/broadcasts/:id': { about: aboutBroadcast, request: theBroadcast },
  'POST /api/broadcasts/:id/end': {
    // A broadcast of its own for each: a token that is cut to the world's is cut to another than this.
    about: (world, asker) => ({ ...aboutBroadcast(world, asker), broadcastId: 'of-its-own' }),
    request: async ({ t, owner }) => ({ params: { id: await newBroadcast(t, owner) } }),
  },
  'GET /api/broadcasts/:id/cohosts': { about: aboutBroadcast, request: theBroadcast },
  'POST /api/broadcasts/:id/cohosts': {
    about: (world, asker) => ({ ...aboutBroadcast(world, asker), broadcastId: 'of-its-own' }),
    request: async ({ t, owner, member }) => ({
      params: { id: await newBroadcast(t, owner) },
      body: { username: member.username },
    }),
  },
  'DELETE /api/broadcasts/:id/cohosts/:accountId': {
    about: aboutBroadcast,
    request: ({ broadcastId, member }) => ({ params: { id: broadcastId, accountId: member.accountId } }),
  },
  'GET /api/broadcasts/:id/stream-key': { about: aboutBroadcast, request: theBroadcast },
  'POST /api/broadcasts/:id/stream-key': { about: aboutBroadcast, request: theBroadcast },
  'DELETE /api/broadcasts/:id/stream-key': {
    about: aboutBroadcast,
    request: async ({ t, owner, broadcastId }) => {
      const actor = await t.hub.identity.actorOf(owner.accountId);
      await t.hub.broadcasts.makeStreamKey(actor, broadcastId, 'hub.test');
      return { params: { id: broadcastId } };
    },
  },
  'GET /api/me/stream-key': {},
  'POST /api/me/stream-key': {},
  'DELETE /api/me/stream-key': {
    neverSucceeds: 'none of the askers has made a key; tests/broadcasts/stream-keys.test.ts takes one back',
  },
  'GET /api/broadcasts/:id/thumbnail.jpg': {
    about: aboutBroadcast,
    request: theBroadcast,
    neverSucceeds: 'nothing was on the air; tests/broadcasts records one',
  },
  'GET /api/broadcasts/:id/recording': {
    about: aboutBroadcast,
    request: theBroadcast,
    neverSucceeds: 'nothing was on the air; tests/broadcasts records one',
  },
  'GET /api/broadcasts/:id/recording.mp4': {
    about: aboutBroadcast,
    request: theBroadcast,
    neverSucceeds: 'nothing was on the air; tests/broadcasts records one',
  },
  'PUT /api/broadcasts/:id/trim': {
    about: aboutBroadcast,
    request: ({ broadcastId }) => ({ params: { id: broadcastId }, body: { trim: null } }),
    neverSucceeds: 'nothing was on the air; tests/broadcasts records one',
  },
  'PUT /api/broadcasts/:id/hold': {
    about: aboutBroadcast,
    request: ({ broadcastId }) => ({ params: { id: broadcastId }, body: { reason: '举报待查' } }),
  },
  'GET /api/recordings/expiring': {},
  'POST /whip/:id': {
    about: aboutBroadcast,
    request: ({ broadcastId }) => ({
      params: { id: broadcastId },
      headers: { 'Content-Type': 'application/sdp' },
      body: 'v=1',
    }),
    neverSucceeds: 'what is sent is no offer; tests/broadcasts/whip.test.ts publishes',
  },
  'PATCH /whip/:id/:session': {
    about: aboutBroadcast,
    request: ({ broadcastId }) => ({
      params: { id: broadcastId, session: 'none' },
      headers: { 'Content-Type': 'application/trickle-ice-sdpfrag', 'If-Match': '*' },
      body: 'a=end-of-candidates',
    }),
    neverSucceeds: 'there is no session; tests/broadcasts/whip.test.ts has one',
  },
  'DELETE /whip/:id/:session': {
    about: aboutBroadcast,
    request: ({ broadcastId }) => ({ params: { id: broadcastId, session: 'none' } }),
    neverSucceeds: 'there is no session; tests/broadcasts/whip.test.ts ends one',
  },
  'POST /whep/:id': {
    about: aboutBroadcast,
    request: ({ broadcastId }) => ({
      params: { id: broadcastId },
      headers: { 'Content-Type': 'application/sdp' },
      body: 'v=1',
    }),
    neverSucceeds: 'what is sent is no offer; tests/broadcasts/whep.test.ts plays',
  },
  'PATCH /whep/:id/:session': {
    about: aboutBroadcast,
    request: ({ broadcastId }) => ({
      params: { id: broadcastId, session: 'none' },
      headers: { 'Content-Type': 'application/trickle-ice-sdpfrag', 'If-Match': '*' },
      body: 'a=end-of-candidates',
    }),
    neverSucceeds: 'there is no session; tests/broadcasts/whep.test.ts has one',
  },
  'DELETE /whep/:id/:session': {
    about: aboutBroadcast,
    request: ({ broadcastId }) => ({ params: { id: broadcastId, session: 'none' } }),
    neverSucceeds: 'there is no session; tests/broadcasts/whep.test.ts ends one',
  },
  'GET /hls/:id/index.m3u8': {
    about: aboutBroadcast,
    request: theBroadcast,
    neverSucceeds: 'nothing is on the air; tests/broadcasts plays it',
  },
  'GET /hls/:id/sound.m3u8': {
    about: aboutBroadcast,
    request: theBroadcast,
    neverSucceeds: 'nothing is on the air; tests/broadcasts plays it',
  },
  'GET /hls/:id/:token/:file': {
    about: aboutBroadcast,
    request: ({ t, broadcastId }) => {
      // As server/platform/playback/path-token.ts makes it: viewers read it from the master playlist.
      const token = t.hub.vault.hash('hls.path', `${broadcastId}\0${shanghaiDay(Date.now())}`);
      return { params: { id: broadcastId, token, file: 'media.m3u8' } };
    },
    neverSucceeds: 'nothing is on the air; tests/broadcasts plays it',
  },
};
