import { redirect } from '@sveltejs/kit';
import { attempt, load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { readForm, refuse, text } from '#lib/forms/answer.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const { api } = apiOf(event);
  const page = event.url.searchParams.get('page') ?? undefined;
  const asked = api.sessions[':id'].roll.$get({ param: { id: event.params.id }, query: { page } });
  return { roll: await ask(asked, event), person: event.url.searchParams.get('person') };
};

export const actions: Actions = {
  default: async (event) => {
    const typed = await readForm(event.request);
    const json = {
      personId: text(typed, 'personId'),
      kind: text(typed, 'kind') === 'out' ? ('out' as const) : ('in' as const),
      helper: text(typed, 'helper'),
      witness: text(typed, 'witness'),
      reason: text(typed, 'reason'),
    };
    const param = { id: event.params.id };
    const outcome = await attempt(apiOf(event).api.sessions[':id'].assisted.$post({ param, json }));
    if (!outcome.ok) return refuse(outcome.refusal, typed);
    redirect(303, `/teach/sessions/${param.id}/roll`);
  },
};
