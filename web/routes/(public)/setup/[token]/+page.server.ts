import { redirect } from '@sveltejs/kit';
import { attempt, load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { readForm, refuse, text } from '#lib/forms/answer.ts';
import { readRegions, regionOptions } from '#lib/identity/regions.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const param = { token: event.params.token };
  const { valid } = await ask(apiOf(event).api.setup[':token'].$get({ param }), event);
  const all = await readRegions(event);
  const offered = all.filter(({ level }) => level === 'prefecture' || level === 'county');
  return { valid, homes: regionOptions(all, offered) };
};

export const actions: Actions = {
  default: async (event) => {
    const typed = await readForm(event.request);
    const setup = {
      token: event.params.token,
      name: text(typed, 'name'),
      username: text(typed, 'username'),
      password: text(typed, 'password'),
      homeRegionCode: text(typed, 'homeRegionCode'),
    };
    const outcome = await attempt(apiOf(event).api.setup.$post({ json: setup }));
    if (!outcome.ok) return refuse(outcome.refusal, typed, ['password']);
    redirect(303, '/admin/programmes/new');
  },
};
