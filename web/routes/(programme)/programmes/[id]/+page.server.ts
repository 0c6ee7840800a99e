import { load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import type { PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const param = { id: event.params.id };
  return {
    programme: await ask(apiOf(event).api.programmes[':id'].$get({ param }), event),
    reads: event.locals.session?.sections.programme ?? false,
  };
};
