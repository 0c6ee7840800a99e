import { Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { describeRoute } from 'hono-openapi';
import { addressKey } from '../platform/address-key.ts';
import { openBudget } from '../platform/budget.ts';
import type { IceServer } from '../platform/config.ts';
import { HubError } from '../platform/errors.ts';
import type { HubEnv } from '../platform/http/environment.ts';
import { ensureContentType, iceServerLinks, readIfMatch } from './whip-headers.ts';
import type { SdpDoor } from './sdp-sessions.ts';

/** Browsers' offers with every codec they know are a tenth of it. */
const MOST_SDP_BYTES = 128 * 1024;
const EXPOSED = 'Location, Link, ETag, Retry-After, WWW-Authenticate';
export const SDP_TYPE = 'application/sdp';
export const ICE_FRAGMENT_TYPE = 'application/trickle-ice-sdpfrag';

/**
 * Lets pages of other origins speak to these addresses (RFC 9725 4.2, 4.7): they hold no cookie of ours, only a token.
 * Stands before the caller is known, so that a refusal can be read too. Whoever only looks gets nothing, successfully
 * (4.1), also where there is nothing: it tells nobody which broadcasts and sessions exist.
 */
export const openToOtherOrigins: MiddlewareHandler<HubEnv> = async (c, next) => {
  const isSession = c.req.path.split('/').length > 3;
  const allowed = ['OPTIONS', 'GET', 'HEAD', ...(isSession ? ['PATCH', 'DELETE'] : ['POST'])];
  c.header('Access-Control-Allow-Origin', '*');
  c.header('Access-Control-Expose-Headers', EXPOSED);
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return c.body(null, 204);
  if (c.req.method !== 'OPTIONS' && allowed.includes(c.req.method)) return next();
  c.header('Allow', allowed.join(', '));
  if (c.req.method !== 'OPTIONS')
    throw new HubError('method-not-allowed', { message: `Allowed here: ${allowed.join(', ')}` });
  c.header('Access-Control-Allow-Methods', allowed.join(', '));
  c.header('Access-Control-Allow-Headers', 'Authorization, Content-Type, If-Match');
  c.header('Access-Control-Max-Age', '7200');
  if (isSession) c.header('Accept-Patch', ICE_FRAGMENT_TYPE);
  else c.header('Accept-Post', SDP_TYPE);
  return c.body(null, 200);
};

/**
 * Descriptions that one address may send without saying who it is: each costs a transport, or the reading of one. Two
 * hundred players behind one router start at once; nobody needs them again and again. Whoever comes too early is told
 * to, and costs neither.
 */
const NAMELESS = { tries: 300, seconds: 300 };

/** What is said of a protocol's three addresses in the API document. */
interface Spoken {
  tag: string;
  open: string;
}

/** Publishing by WHIP (RFC 9725), or receiving by WHEP: both exchange an offer for an answer. */
function sdpRoutes(door: SdpDoor, base: '/whip' | '/whep', iceServers: readonly IceServer[], spoken: Spoken) {
  const tags = [spoken.tag];
  const nameless = openBudget(NAMELESS.tries, NAMELESS.seconds);
  return new Hono<HubEnv>()
    .use(bodyLimit({ maxSize: MOST_SDP_BYTES }))
    .use(async (c, next) => {
      if (c.req.method !== 'POST' || c.get('caller')) return next();
      const from = addressKey(c.get('clientAddress'));
      await nameless.spend(from);
      await next();
      if (c.error instanceof HubError && c.error.code === 'broadcast.not-live') await nameless.giveBack(from);
    })
    .post('/:id', describeRoute({ tags, summary: spoken.open }), async (c) => {
      ensureContentType(c.req.header('content-type'), SDP_TYPE);
      const id = c.req.param('id');
      const { sessionId, sdp, iceSession } = await door.open(c.get('caller'), id, await c.req.text());
      for (const link of iceServerLinks(iceServers)) c.header('Link', link, { append: true });
      return c.body(sdp, 201, {
        'Content-Type': SDP_TYPE,
        Location: `${base}/${encodeURIComponent(id)}/${sessionId}`,
        ETag: `"${iceSession}"`,
        'Cache-Control': 'no-store',
      });
    })
    .patch(
      '/:id/:session',
      describeRoute({ tags, summary: 'Further ICE candidates, or an ICE restart with If-Match: *' }),
      async (c) => {
        ensureContentType(c.req.header('content-type'), ICE_FRAGMENT_TYPE);
        const condition = readIfMatch(c.req.header('if-match'));
        const { id: broadcastId, session: sessionId } = c.req.param();
        const session = { broadcastId, sessionId };
        const restarted = await door.patch(c.get('caller'), session, condition, await c.req.text());
        if (!restarted) return c.body(null, 204);
        return c.body(restarted.fragment, 200, {
          'Content-Type': ICE_FRAGMENT_TYPE,
          ETag: `"${restarted.iceSession}"`,
        });
      },
    )
    .delete('/:id/:session', describeRoute({ tags, summary: 'End the session' }), async (c) => {
      const { id: broadcastId, session: sessionId } = c.req.param();
      await door.end(c.get('caller'), { broadcastId, sessionId });
      return c.body(null, 200);
    });
}

export function whipRoutes(whip: SdpDoor, iceServers: readonly IceServer[]) {
  return sdpRoutes(whip, '/whip', iceServers, {
    tag: 'publishing',
    open: 'Publish by WHIP: an SDP offer for an answer',
  });
}

export function whepRoutes(whep: SdpDoor, iceServers: readonly IceServer[]) {
  return sdpRoutes(whep, '/whep', iceServers, {
    tag: 'playback',
    open: 'Receive by WHEP: an SDP offer for an answer',
  });
}
