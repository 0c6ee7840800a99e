import { load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { ensurePageWithin } from '#lib/api/page-within.ts';
import type { PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const { api } = apiOf(event);
  const { id } = event.params;
  const page = event.url.searchParams.get('page') ?? undefined;
  const [course, runs] = await Promise.all([
    ask(api.courses[':id'].$get({ param: { id } }), event),
    ask(api.runs.$get({ query: { courseId: id, page } }), event),
  ]);
  ensurePageWithin(event.url, runs);
  return { course, runs, teaches: event.locals.session?.sections.teach ?? false };
};
