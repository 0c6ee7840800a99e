import { load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { ensurePageWithin } from '#lib/api/page-within.ts';
import { ensureTeaching } from '#lib/training/ensure-teaching.ts';
import type { PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  ensureTeaching(event);
  const { api } = apiOf(event);
  const page = event.url.searchParams.get('page') ?? undefined;
  const [runs, courses] = await Promise.all([
    ask(api.runs.$get({ query: { mine: 'true', page } }), event),
    ask(api.courses.$get({ query: { mine: 'true' } }), event),
  ]);
  ensurePageWithin(event.url, runs);
  return { runs, courses };
};
