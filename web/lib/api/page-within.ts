import { redirect } from '@sveltejs/kit';

/** Leads from a page beyond the last to the last: a list that has become shorter is not a list that is empty. */
export function ensurePageWithin(here: URL, list: { page: number; pageCount: number }): void {
  if (list.page <= list.pageCount) return;
  const last = new URLSearchParams(here.searchParams);
  last.set('page', String(list.pageCount));
  redirect(303, `${here.pathname}?${last.toString()}`);
}
