import '#lib/shell/old-browsers.ts';
import type { HandleClientError } from '@sveltejs/kit/hooks';
import { isLocale } from '#lib/i18n/locale.ts';
import { defineCustomClientStrategy } from '#lib/paraglide/runtime.js';

/** Who has chosen no language reads on in the one that the page came in. Choosing one sets the cookie and loads anew. */
defineCustomClientStrategy('custom-page', {
  getLocale: () => {
    const { lang } = document.documentElement;
    return isLocale(lang) ? lang : undefined;
  },
  setLocale: () => undefined,
});

/** A page that could not be fetched for want of a network says so; the rest is told as the server tells it. */
export const handleError: HandleClientError = ({ kind, error }) => {
  if (kind !== 'unknown') return;
  console.error(error);
  return navigator.onLine ? undefined : { status: 0, code: 'network.lost' };
};
