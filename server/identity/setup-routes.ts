import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import type { HubEnv } from '../platform/http/environment.ts';
import { parse } from '../platform/http/parse.ts';
import { giveSessionCookie, type CookieSecurity } from './session-cookie.ts';
import type { Identity } from './service.ts';

const typed = z.string().min(1).max(200);
const setup = z.object({
  token: typed,
  username: typed,
  password: typed,
  name: typed,
  homeRegionCode: typed.optional(),
});

/** The first administrator, by the link on the console. */
export function setupRoutes(identity: Identity, security: CookieSecurity) {
  return new Hono<HubEnv>()
    .get(
      '/:token',
      describeRoute({ tags: ['setup'], summary: 'Whether the one-time link is valid' }),
      async (c) =>
        c.json({ valid: await identity.isSetupLinkValid(c.req.param('token'), c.get('clientAddress')) }),
    )
    .post(
      '/',
      describeRoute({ tags: ['setup'], summary: 'Make the first administrator and sign in' }),
      parse('json', setup),
      async (c) => {
        const { secret, ...made } = await identity.setUp(c.req.valid('json'), c.get('clientAddress'));
        giveSessionCookie(c, secret, security);
        return c.json(made, 201);
      },
    );
}
