import { apiOf } from '#lib/api/client.ts';
import { load as ask, signInAddress } from '#lib/api/ask.ts';
import type { PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => ({
  broadcast: await ask(apiOf(event).api.broadcasts[':id'].$get({ param: event.params }), event),
  signedIn: event.locals.session !== null,
  signInHref: signInAddress(event.url),
});
