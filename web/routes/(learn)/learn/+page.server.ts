import { load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import type { PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const { me } = apiOf(event).api;
  const [mine, online] = await Promise.all([ask(me.learning.$get(), event), ask(me.courses.$get(), event)]);
  return { mine, courses: online.courses };
};
