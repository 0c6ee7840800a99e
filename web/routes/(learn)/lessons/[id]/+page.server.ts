import { load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import type { PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => ({
  video: await ask(apiOf(event).api.videos[':id'].$get({ param: event.params }), event),
});
