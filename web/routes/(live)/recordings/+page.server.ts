import { attempt, load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { readForm, refuse, text } from '#lib/forms/answer.ts';
import type { Actions, PageServerLoad } from './$types.js';

const WITHIN_DAYS = 30;

export const load: PageServerLoad = async (event) => {
  const query = { withinDays: String(WITHIN_DAYS) };
  const { recordings } = await ask(apiOf(event).api.recordings.expiring.$get({ query }), event);
  return { recordings, withinDays: WITHIN_DAYS };
};

export const actions: Actions = {
  hold: async (event) => {
    const typed = await readForm(event.request);
    const id = text(typed, 'id');
    const json = { reason: text(typed, 'reason') };
    const outcome = await attempt(apiOf(event).api.broadcasts[':id'].hold.$put({ param: { id }, json }));
    return outcome.ok ? { held: id } : refuse(outcome.refusal, typed);
  },
  release: async (event) => {
    const typed = await readForm(event.request);
    const id = text(typed, 'id');
    const json = { reason: null };
    const outcome = await attempt(apiOf(event).api.broadcasts[':id'].hold.$put({ param: { id }, json }));
    return outcome.ok ? { released: id } : refuse(outcome.refusal, typed);
  },
};
