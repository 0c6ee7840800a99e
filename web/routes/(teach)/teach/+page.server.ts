import { load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { ensurePageWithin } from '#lib/api/page-within.ts';
import { readRegions, regionsOf } from '#lib/identity/regions.ts';
import { ensureTeaching, TEACHING_ROLES } from '#lib/training/ensure-teaching.ts';
import type { PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const session = ensureTeaching(event);
  const { api } = apiOf(event);
  const page = event.url.searchParams.get('page') ?? undefined;
  const [runs, courses] = await Promise.all([
    ask(api.runs.$get({ query: { mine: 'true', page } }), event),
    ask(api.courses.$get({ query: { mine: 'true' } }), event),
  ]);
  ensurePageWithin(event.url, runs);
  const regions = await readRegions(event);
  return { runs, courses, importsTo: regionsOf(regions, session, TEACHING_ROLES)[0]?.code ?? null };
};
