import { load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import type { PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const page = event.url.searchParams.get('page') ?? undefined;
  return {
    programmes: await ask(apiOf(event).api.programmes.$get({ query: { page } }), event),
    administers: event.locals.session?.sections.administration ?? false,
  };
};
