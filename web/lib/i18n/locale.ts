import { cookieName, getLocale, locales } from '#lib/paraglide/runtime.js';

export type Locale = (typeof locales)[number];

export const LOCALE_COOKIE = cookieName;
export const LOCALES: readonly Locale[] = locales;

/** What each language calls itself. */
export const LOCALE_NAMES: Readonly<Record<Locale, string>> = { 'zh-CN': '中文', en: 'English' };

/** The language the page is being read in. */
export function readerLocale(): Locale {
  return getLocale();
}

/** What a browser asks for first (`Accept-Language`): English, or else Chinese. The API has the same rule. */
export function askedLocale(acceptLanguage: string | null): Locale {
  return (acceptLanguage ?? '').trim().toLowerCase().startsWith('en') ? 'en' : 'zh-CN';
}

export function isLocale(value: unknown): value is Locale {
  return LOCALES.some((locale) => locale === value);
}
