import { redirect } from '@sveltejs/kit';
import { load as ask, signInAddress } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import type { PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  if (!event.locals.session) redirect(303, signInAddress(event.url));
  return {
    broadcast: await ask(apiOf(event).api.broadcasts[':id'].$get({ param: event.params }), event),
  };
};
