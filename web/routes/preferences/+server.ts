import { error, redirect } from '@sveltejs/kit';
import { isLocale, LOCALE_COOKIE } from '#lib/i18n/locale.ts';
import { isTheme, THEME_COOKIE } from '#lib/theme/theme.ts';
import { pathWithin } from '#lib/shell/path-within.ts';
import type { RequestHandler } from './$types.js';

const A_YEAR_SECONDS = 365 * 24 * 3600;

/** Keeps the reader's language or theme in a cookie and leads back. The language is read by scripts, hence not HttpOnly. */
export const POST: RequestHandler = async ({ request, cookies, url }) => {
  const form = await request.formData();
  const locale = form.get('locale');
  const theme = form.get('theme');
  if (locale === null && theme === null) error(400, 'Neither a language nor a theme was chosen');
  const lasting = { path: '/', maxAge: A_YEAR_SECONDS, sameSite: 'lax', httpOnly: false } as const;
  if (isLocale(locale)) cookies.set(LOCALE_COOKIE, locale, lasting);
  if (isTheme(theme)) cookies.set(THEME_COOKIE, theme, lasting);
  redirect(303, pathWithin(url.origin, form.get('back')));
};
