import { redirect } from '@sveltejs/kit';
import { attempt, load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { number, readForm, refuse, text } from '#lib/forms/answer.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const { api } = apiOf(event);
  return { survey: await ask(api.runs[':id'].survey.$get({ param: { id: event.params.id } }), event) };
};

export const actions: Actions = {
  default: async (event) => {
    const typed = await readForm(event.request);
    const { api } = apiOf(event);
    const param = { id: event.params.id };
    const items: Record<string, number> = {};
    for (const name of Object.keys(typed)) {
      const value = name.startsWith('items.') ? number(typed, name) : undefined;
      if (value !== undefined) items[name.slice('items.'.length)] = value;
    }
    // Without a choice the API must see nothing, so that its own rule for a missing field speaks.
    const overall = number(typed, 'overall') as number;
    const json = { overall, items, comment: text(typed, 'comment') || undefined };
    const outcome = await attempt(api.runs[':id'].survey.$post({ param, json }));
    if (!outcome.ok) return refuse(outcome.refusal, typed);
    redirect(303, `/runs/${param.id}/survey`);
  },
};
