import type { Handle, HandleFetch, HandleServerError } from '@sveltejs/kit/hooks';
import { askRunningApp, isForTheApi } from '#lib/api/in-process.ts';
import { readSession } from '#lib/api/session.ts';
import { paraglideMiddleware } from '#lib/paraglide/server.js';
import { askedLocale, LOCALE_COOKIE } from '#lib/i18n/locale.ts';
import { isTheme, THEME_COOKIE } from '#lib/theme/theme.ts';

export const handle: Handle = ({ event, resolve }) =>
  paraglideMiddleware(inReadersLanguage(event.request), async ({ locale }) => {
    const theme = event.cookies.get(THEME_COOKIE);
    event.locals.locale = locale;
    event.locals.theme = isTheme(theme) ? theme : 'system';
    event.locals.cookiesToSet = [];
    event.locals.session = await readSession(event);
    const response = await resolve(event, {
      transformPageChunk: ({ html }) =>
        html.replace('%lang%', locale).replace('data-theme="%theme%"', themeAttribute(event.locals.theme)),
    });
    for (const cookie of event.locals.cookiesToSet) response.headers.append('set-cookie', cookie);
    return response;
  });

/** A first visit, without a choice of language, is answered in the one its browser asks for, where we have it. */
function inReadersLanguage(request: Request): Request {
  const headers = new Headers(request.headers);
  const cookies = headers.get('cookie') ?? '';
  if (cookies.includes(`${LOCALE_COOKIE}=`)) return request;
  headers.set('cookie', `${LOCALE_COOKIE}=${askedLocale(headers.get('accept-language'))}; ${cookies}`);
  return new Request(request.url, { headers });
}

function themeAttribute(theme: App.Locals['theme']): string {
  return theme === 'system' ? '' : `data-theme="${theme}"`;
}

/** Calls to the API from loads and actions stay in this process. */
export const handleFetch: HandleFetch = ({ event, request, fetch }) =>
  isForTheApi(event, request) ? askRunningApp(event, request) : fetch(request);

/** What was thrown on purpose keeps its words; a fault of ours is logged whole and told without detail. */
export const handleError: HandleServerError = ({ kind, error, event }) => {
  if (kind === 'unknown') console.error(`${event.request.method} ${event.url.pathname}`, error);
};
