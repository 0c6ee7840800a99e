import { load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { ensurePageWithin } from '#lib/api/page-within.ts';
import type { PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const page = event.url.searchParams.get('page') ?? undefined;
  const programmes = await ask(apiOf(event).api.programmes.$get({ query: { page } }), event);
  ensurePageWithin(event.url, programmes);
  return {
    programmes,
    administers: event.locals.session?.sections.administration ?? false,
  };
};
