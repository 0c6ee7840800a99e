import { redirect } from '@sveltejs/kit';
import { attempt, load as ask, signInAddress } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { refuse } from '#lib/forms/answer.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const { api } = apiOf(event);
  const run = await ask(api.runs[':id'].$get({ param: { id: event.params.id } }), event);
  const signedIn = event.locals.session !== null;
  const survey = run.viewer.enrolled
    ? await ask(api.runs[':id'].survey.$get({ param: { id: run.id } }), event)
    : undefined;
  return { run, signedIn, survey: survey?.state };
};

export const actions: Actions = {
  enrol: async (event) => {
    const { api } = apiOf(event);
    const param = { id: event.params.id };
    if (!event.locals.session) redirect(303, signInAddress(new URL(`/runs/${param.id}`, event.url)));
    const outcome = await attempt(api.runs[':id'].enrolment.$post({ param }));
    return outcome.ok ? { done: 'enrolled' as const } : refuse(outcome.refusal, {});
  },
  cancel: async (event) => {
    const { api } = apiOf(event);
    const outcome = await attempt(api.runs[':id'].enrolment.$delete({ param: { id: event.params.id } }));
    return outcome.ok ? { done: 'cancelled' as const } : refuse(outcome.refusal, {});
  },
};
