import { load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { nameRegion, readRegions } from '#lib/identity/regions.ts';
import type { PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const q = event.url.searchParams.get('q')?.trim() ?? '';
  const after = event.url.searchParams.get('after') ?? undefined;
  const query = { q: q || undefined, after };
  const [{ persons, next }, regions] = await Promise.all([
    ask(apiOf(event).api.persons.$get({ query }), event),
    readRegions(event),
  ]);
  return {
    q,
    persons: persons.map((person) => ({ ...person, home: nameRegion(regions, person.homeRegionCode) })),
    next,
    isFirst: after === undefined,
    mayMerge: event.locals.session?.sections.merging ?? false,
  };
};
