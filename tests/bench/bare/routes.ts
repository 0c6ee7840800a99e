/**
 * A process of its own: Hono on @hono/node-server with nothing of the hub's, each route doing only the costly part
 * of what a hub's route does. Prints its address; ends with SIGTERM.
 */
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { hash, verify } from '@node-rs/argon2';
import { Hono } from 'hono';
import { openBareTable } from './table.ts';

/** As server/identity/passwords.ts. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

const kept = await hash('coffee and rice', PARAMETERS);
const table = await openBareTable(join(process.argv[2]!, 'bare.db'));

const app = new Hono()
  .post('/nothing', async (c) => c.json({ answered: Object.keys(await c.req.json()).length }))
  .post('/argon2', async (c) => {
    const { password } = await c.req.json<{ password: string }>();
    return c.json({ signedIn: await verify(kept, password) });
  })
  .post('/insert', async (c) => {
    const { runId } = await c.req.json<{ runId: string }>();
    return c.json(await table.insert(runId), 201);
  })
  .get(
    '/static/*',
    serveStatic({ root: process.argv[2]!, rewriteRequestPath: (path) => path.replace('/static', '') }),
  )
  .get('/count', async (c) => c.json({ count: await table.count(c.req.query('runId') ?? '') }));

const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) =>
  console.log(`bare → http://127.0.0.1:${port}`),
);
process.once('SIGTERM', () => {
  table.close();
  server.close();
});
