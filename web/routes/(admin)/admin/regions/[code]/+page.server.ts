import { error, redirect } from '@sveltejs/kit';
import { attempt, signInAddress } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { readForm, refuse, text } from '#lib/forms/answer.ts';
import { readRegions } from '#lib/identity/regions.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  if (!event.locals.session) redirect(303, signInAddress(event.url));
  if (!event.locals.session.sections.administration) error(403);
  const all = await readRegions(event);
  const region = all.find(({ code }) => code === event.params.code);
  if (!region || region.level === 'prefecture') error(404);
  const parent = all.find(({ code, level }) => code === region.parentCode && level !== 'prefecture');
  return {
    region,
    parent: parent && { code: parent.code, name: parent.name },
    children: all
      .filter(({ parentCode }) => parentCode === region.code)
      .map(({ code, name }) => ({ code, name })),
  };
};

export const actions: Actions = {
  default: async (event) => {
    const typed = await readForm(event.request);
    const json = { code: text(typed, 'code'), name: text(typed, 'name'), parentCode: event.params.code };
    const outcome = await attempt(apiOf(event).api.regions.$post({ json }));
    return outcome.ok ? { added: outcome.data.name } : refuse(outcome.refusal, typed);
  },
};
