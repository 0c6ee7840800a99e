import { redirect } from '@sveltejs/kit';
import { attempt, load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { readForm, refuse, text } from '#lib/forms/answer.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const { api } = apiOf(event);
  const kind = event.url.searchParams.get('kind') === 'out' ? 'out' : 'in';
  const asked = api.sessions[':id']['sign-in'].$get({ param: { id: event.params.id }, query: { kind } });
  return { screen: await ask(asked, event), origin: event.url.origin };
};

export const actions: Actions = {
  /** Makes a sheet of whoever is enrolled now and leads to it. */
  sheet: async (event) => {
    const param = { id: event.params.id };
    const outcome = await attempt(apiOf(event).api.sessions[':id'].sheets.$post({ param }));
    if (!outcome.ok) return refuse(outcome.refusal, {});
    redirect(303, `/teach/sheets/${outcome.data.code}`);
  },
  settings: async (event) => {
    const typed = await readForm(event.request);
    const [latitude, longitude] = text(typed, 'location').split(',').map(Number);
    const json = {
      asksSignOut: text(typed, 'asksSignOut') !== '',
      replayCounts: text(typed, 'replayCounts') !== '',
      ...(text(typed, 'clearLocation') === '' ? {} : { location: null }),
      ...(latitude !== undefined && longitude !== undefined ? { location: { latitude, longitude } } : {}),
    };
    const param = { id: event.params.id };
    const outcome = await attempt(apiOf(event).api.sessions[':id']['sign-in'].$put({ param, json }));
    return outcome.ok ? { done: 'settings' as const } : refuse(outcome.refusal, typed);
  },
};
