import { redirect } from '@sveltejs/kit';
import { attempt, load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { readForm, refuse, text } from '#lib/forms/answer.ts';
import { readRegions, regionOptions } from '#lib/identity/regions.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  if (event.locals.session) redirect(303, '/me');
  const [all, notice] = await Promise.all([
    readRegions(event),
    ask(apiOf(event).api.auth.notice.$get(), event),
  ]);
  // Down to townships: hundreds of villages are no list for a phone, and the station knows the village.
  const offered = all.filter(({ level }) => level === 'county' || level === 'township');
  return { homes: regionOptions(all, offered), noticeVersion: notice.noticeVersion };
};

export const actions: Actions = {
  default: async (event) => {
    const typed = await readForm(event.request);
    const registration = {
      name: text(typed, 'name'),
      phone: text(typed, 'phone') || undefined,
      username: text(typed, 'username'),
      password: text(typed, 'password'),
      homeRegionCode: text(typed, 'homeRegionCode'),
      noticeVersion: text(typed, 'noticeVersion'),
    };
    const outcome = await attempt(apiOf(event).api.auth.register.$post({ json: registration }));
    if (!outcome.ok) return refuse(outcome.refusal, typed, ['password']);
    redirect(303, '/');
  },
};
