import { parse } from 'hono/utils/cookie';
import { LOCALE_COOKIE, LOCALES, type Locale } from './environment.ts';

/** The reader's language: what they chose, else what their browser asks for, else Chinese. */
export function localeOf(headers: Headers): Locale {
  const chosen = parse(headers.get('cookie') ?? '', LOCALE_COOKIE)[LOCALE_COOKIE];
  const known = LOCALES.find((locale) => locale === chosen);
  if (known) return known;
  return (headers.get('accept-language') ?? '').trim().toLowerCase().startsWith('en') ? 'en' : 'zh-CN';
}
