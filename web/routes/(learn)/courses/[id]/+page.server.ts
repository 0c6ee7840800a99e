import { redirect } from '@sveltejs/kit';
import { attempt, load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { ensurePageWithin } from '#lib/api/page-within.ts';
import { readForm, refuse, text } from '#lib/forms/answer.ts';
import { readRegions, regionOptions, regionsOf } from '#lib/identity/regions.ts';
import { TEACHING_ROLES } from '#lib/training/ensure-teaching.ts';
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
  // Whoever writes a course has it already.
  const adopts = course.may.adopt && !course.may.edit && session !== null;
  const regions = adopts ? await readRegions(event) : [];
  const adopters = adopts ? regionOptions(regions, regionsOf(regions, session, TEACHING_ROLES)) : [];
  return { course, runs, adopters, teaches: session?.sections.teach ?? false, signedIn: session !== null };
};

export const actions: Actions = {
  adopt: async (event) => {
    const typed = await readForm(event.request);
    const { id } = event.params;
    const json = { regionCode: text(typed, 'regionCode') };
    const outcome = await attempt(apiOf(event).api.courses[':id'].adopt.$post({ param: { id }, json }));
    if (!outcome.ok) return refuse(outcome.refusal, typed);
    redirect(303, `/teach/courses/${outcome.data.id}`);
  },
  start: async (event) => {
    const { id } = event.params;
    const outcome = await attempt(apiOf(event).api.courses[':id'].start.$post({ param: { id } }));
    if (!outcome.ok) return refuse(outcome.refusal, {});
    redirect(303, outcome.data.next === null ? `/courses/${id}` : `/courses/${id}/${outcome.data.next}`);
  },
};
