import { redirect } from '@sveltejs/kit';
import { attempt, load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { list, number, readForm, refuse, text } from '#lib/forms/answer.ts';
import { readRegions, regionOptions, regionsOf } from '#lib/identity/regions.ts';
import { ensureTeaching, TEACHING_ROLES } from '#lib/training/ensure-teaching.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const session = ensureTeaching(event);
  const [terms, regions] = await Promise.all([
    ask(apiOf(event).api.catalogue.terms.$get(), event),
    readRegions(event),
  ]);
  return { terms, regions: regionOptions(regions, regionsOf(regions, session, TEACHING_ROLES)) };
};

export const actions: Actions = {
  default: async (event) => {
    const typed = await readForm(event.request);
    const json = {
      title: text(typed, 'title'),
      summary: text(typed, 'summary'),
      level: text(typed, 'level'),
      audiences: list(typed, 'audiences'),
      fourStep: text(typed, 'fourStep') || undefined,
      hours: number(typed, 'hours') ?? 0,
      regionCode: text(typed, 'regionCode'),
    };
    const outcome = await attempt(apiOf(event).api.courses.$post({ json }));
    if (!outcome.ok) return refuse(outcome.refusal, typed);
    redirect(303, `/teach/runs/new?course=${outcome.data.id}`);
  },
};
