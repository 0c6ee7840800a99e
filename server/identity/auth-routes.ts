import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { TOKEN_SCOPES } from '../platform/access/actor.ts';
import type { HubEnv } from '../platform/http/environment.ts';
import { parse } from '../platform/http/parse.ts';
import { describeNotice } from './consent.ts';
import { giveSessionCookie, takeSessionCookie, type CookieSecurity } from './session-cookie.ts';
import type { Identity } from './service.ts';

/** Wide enough for what people type; the verbs decide what fits. */
const typed = z.string().min(1).max(200);
const credentials = z.object({ username: typed, password: typed });
const registration = z.object({
  name: typed,
  phone: z.string().max(40).optional(),
  username: typed,
  password: typed,
  homeRegionCode: typed,
  noticeVersion: typed,
});
const recovery = z.object({ username: typed, code: typed, password: typed });
const passwordChange = z.object({ current: typed, next: typed });
const displayName = z.object({ displayName: z.string().max(24) });
const tokenRequest = z.object({
  scope: z.enum(TOKEN_SCOPES),
  broadcastId: z.string().min(1).max(64).optional(),
});

const about = (summary: string) => describeRoute({ tags: ['sign-in'], summary });

/** Signing in and out, registering, recovering, tokens. */
export function authRoutes(identity: Identity, security: CookieSecurity) {
  return new Hono<HubEnv>()
    .post('/login', about('Sign in: sets the session cookie'), parse('json', credentials), async (c) => {
      const { secret } = await identity.signIn(c.req.valid('json'), c.get('clientAddress'));
      giveSessionCookie(c, secret, security);
      return c.json({ signedIn: true as const });
    })
    .post('/logout', about('End this session'), async (c) => {
      await identity.signOut(c.get('caller'));
      takeSessionCookie(c, security);
      return c.body(null, 204);
    })
    .post('/logout-everywhere', about('End every session of the account'), async (c) => {
      await identity.signOutEverywhere(c.get('caller'));
      takeSessionCookie(c, security);
      return c.body(null, 204);
    })
    .get('/me', about('Who is signed in, with which roles'), async (c) =>
      c.json(await identity.describeMe(c.get('caller'))),
    )
    .patch(
      '/me',
      about('Choose the name to be seen under in classes; empty takes it back'),
      parse('json', displayName),
      async (c) => {
        await identity.chooseDisplayName(c.get('caller'), c.req.valid('json').displayName);
        return c.json(await identity.describeMe(c.get('caller')));
      },
    )
    .get('/notice', about('The notice on personal data to agree to, and the categories of trainees'), (c) =>
      c.json(describeNotice()),
    )
    .post('/register', about('Register as a trainee and sign in'), parse('json', registration), async (c) => {
      const { secret, ...made } = await identity.register(c.req.valid('json'), c.get('clientAddress'));
      giveSessionCookie(c, secret, security);
      return c.json(made, 201);
    })
    .post(
      '/recover',
      about('Set a new password with a one-time code'),
      parse('json', recovery),
      async (c) => {
        await identity.recover(c.req.valid('json'), c.get('clientAddress'));
        return c.body(null, 204);
      },
    )
    .post(
      '/password',
      about('Change the password; other sessions end'),
      parse('json', passwordChange),
      async (c) => {
        await identity.changePassword(c.get('caller'), c.req.valid('json'));
        return c.body(null, 204);
      },
    )
    .get('/tokens', about('Own living bearer tokens'), async (c) =>
      c.json({ tokens: await identity.listTokens(c.get('caller')) }),
    )
    .post(
      '/tokens',
      about('Make a bearer token for an encoder or integration; shown once'),
      parse('json', tokenRequest),
      async (c) => c.json(await identity.issueToken(c.get('caller'), c.req.valid('json')), 201),
    )
    .delete('/tokens/:id', about('End a bearer token'), async (c) => {
      await identity.revokeToken(c.get('caller'), c.req.param('id'));
      return c.body(null, 204);
    });
}
