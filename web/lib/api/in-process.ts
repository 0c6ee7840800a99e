import type { RequestEvent } from '@sveltejs/kit';
import { runningApp } from './running-app.ts';

/** Headers of the reader's request that the API may need; `sec-fetch-site` is left out, for Kit has judged it. */
const PASSED_ON = ['cookie', 'user-agent', 'authorization'];

export function isForTheApi(event: RequestEvent, request: Request): boolean {
  const url = new URL(request.url);
  return url.origin === event.url.origin && url.pathname.startsWith('/api/');
}

/** Hands a call of the page's own server code to the API, in the name of the reader: their cookie, address and language. */
export async function askRunningApp(event: RequestEvent, request: Request): Promise<Response> {
  for (const name of PASSED_ON) {
    const value = event.request.headers.get(name);
    if (value !== null && !request.headers.has(name)) request.headers.set(name, value);
  }
  request.headers.set('host', event.url.host);
  request.headers.set('origin', event.url.origin);
  request.headers.set('accept-language', event.locals.locale);
  const response = await runningApp().fetch(request, { forwardedFor: event.getClientAddress() });
  event.locals.cookiesToSet.push(...response.headers.getSetCookie());
  return response;
}
