import { hc } from 'hono/client';
import type { AppType } from '../../../server/app.ts';

export type Api = ReturnType<typeof hc<AppType>>;

/** What a load, an action or a browser component has at hand: Kit's event, or `{ fetch, url: location }`. */
interface Reaches {
  fetch: typeof fetch;
  url: { origin: string };
}

/** The API's typed client. On the server Kit's `fetch` keeps the call in process (hooks.server.ts). */
export function apiOf(event: Reaches): Api {
  return hc<AppType>(event.url.origin, { fetch: event.fetch });
}
