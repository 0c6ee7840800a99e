import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { HubError } from '../errors.ts';
import type { HubEnv } from './environment.ts';

const ASSETS: Record<string, string> = {
  'swagger-ui.css': 'text/css',
  'swagger-ui-bundle.js': 'text/javascript',
  'docs.js': 'text/javascript',
};
const ASSET_DIR = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

const PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Xiangbo API</title><link rel="stylesheet" href="/api/docs/swagger-ui.css"></head>
<body><div id="ui"></div><script src="/api/docs/swagger-ui-bundle.js"></script><script src="/api/docs/docs.js"></script></body></html>`;

const START = `SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#ui', deepLinking: true });`;

/** The browsable page of the API; its files come from the package, never from elsewhere. */
export function docsRoutes() {
  return new Hono<HubEnv>()
    .get('/', describeRoute({ hide: true }), (c) => c.html(PAGE))
    .get('/:asset', describeRoute({ hide: true }), async (c) => {
      const asset = c.req.param('asset');
      const type = ASSETS[asset];
      if (!type) throw new HubError('not-found');
      const body = asset === 'docs.js' ? START : await readFile(join(ASSET_DIR, asset), 'utf8');
      return c.body(body, 200, { 'Content-Type': type, 'Cache-Control': 'public, max-age=3600' });
    });
}
