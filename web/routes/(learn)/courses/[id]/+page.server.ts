import { redirect } from '@sveltejs/kit';
import { attempt, load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { ensurePageWithin } from '#lib/api/page-within.ts';
import { refuse } from '#lib/forms/answer.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const { api } = apiOf(event);
  const { id } = event.params;
  const page = event.url.searchParams.get('page') ?? undefined;
  const [course, runs] = await Promise.all([
    ask(api.courses[':id'].$get({ param: { id } }), event),
    ask(api.runs.$get({ query: { courseId: id, page } }), event),
  ]);
  ensurePageWithin(event.url, runs);
  const { session } = event.locals;
  return { course, runs, teaches: session?.sections.teach ?? false, signedIn: session !== null };
};

export const actions: Actions = {
  start: async (event) => {
    const { id } = event.params;
    const outcome = await attempt(apiOf(event).api.courses[':id'].start.$post({ param: { id } }));
    if (!outcome.ok) return refuse(outcome.refusal, {});
    redirect(303, outcome.data.next === null ? `/courses/${id}` : `/courses/${id}/${outcome.data.next}`);
  },
};
