import { redirect } from '@sveltejs/kit';
import { attempt } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { readForm, refuse, text } from '#lib/forms/answer.ts';
import { pathWithin } from '#lib/shell/path-within.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = ({ locals, url }) => {
  const next = pathWithin(url.origin, url.searchParams.get('next'));
  if (locals.session) redirect(303, next);
  return { next, recovered: url.searchParams.has('recovered') };
};

export const actions: Actions = {
  default: async (event) => {
    const typed = await readForm(event.request);
    const credentials = { username: text(typed, 'username'), password: text(typed, 'password') };
    const outcome = await attempt(apiOf(event).api.auth.login.$post({ json: credentials }));
    if (!outcome.ok) return refuse(outcome.refusal, typed, ['password']);
    redirect(303, pathWithin(event.url.origin, text(typed, 'next')));
  },
};
