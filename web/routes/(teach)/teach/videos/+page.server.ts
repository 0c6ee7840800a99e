import { load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { readRegions, regionOptions, regionsOf } from '#lib/identity/regions.ts';
import { ensureTeaching, TEACHING_ROLES } from '#lib/training/ensure-teaching.ts';
import type { PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const session = ensureTeaching(event);
  const before = event.url.searchParams.get('before') ?? undefined;
  const [{ videos }, all] = await Promise.all([
    ask(apiOf(event).api.videos.$get({ query: { mine: 'true', before } }), event),
    readRegions(event),
  ]);
  const own = regionsOf(all, session, TEACHING_ROLES).filter(({ level }) => level !== 'prefecture');
  return { videos, before, regions: regionOptions(all, own) };
};
