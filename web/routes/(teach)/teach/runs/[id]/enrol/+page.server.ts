import { redirect } from '@sveltejs/kit';
import { attempt, load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { readForm, refuse, text } from '#lib/forms/answer.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const { api } = apiOf(event);
  const q = event.url.searchParams.get('q')?.trim() ?? '';
  const [run, found] = await Promise.all([
    ask(api.runs[':id'].$get({ param: { id: event.params.id } }), event),
    q ? ask(api.persons.$get({ query: { q } }), event) : undefined,
  ]);
  return { run: { id: run.id, title: run.title }, q, persons: found?.persons ?? [] };
};

export const actions: Actions = {
  default: async (event) => {
    const typed = await readForm(event.request);
    const param = { id: event.params.id };
    const json = { personId: text(typed, 'personId'), reason: text(typed, 'reason') };
    const outcome = await attempt(apiOf(event).api.runs[':id'].enrolments.$post({ param, json }));
    if (!outcome.ok) return refuse(outcome.refusal, typed);
    redirect(303, `/teach/runs/${param.id}`);
  },
};
