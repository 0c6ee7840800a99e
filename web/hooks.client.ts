import '#lib/shell/old-browsers.ts';
import type { HandleClientError } from '@sveltejs/kit/hooks';

/** A page that could not be fetched for want of a network says so; the rest is told as the server tells it. */
export const handleError: HandleClientError = ({ kind, error }) => {
  if (kind !== 'unknown') return;
  console.error(error);
  return navigator.onLine ? undefined : { status: 0, code: 'network.lost' };
};
