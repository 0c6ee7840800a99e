import { redirect } from '@sveltejs/kit';
import { attempt } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { readForm, refuse, text } from '#lib/forms/answer.ts';
import type { Actions } from './$types.js';

export const actions: Actions = {
  default: async (event) => {
    const typed = await readForm(event.request);
    const recovery = {
      username: text(typed, 'username'),
      code: text(typed, 'code'),
      password: text(typed, 'password'),
    };
    const outcome = await attempt(apiOf(event).api.auth.recover.$post({ json: recovery }));
    if (!outcome.ok) return refuse(outcome.refusal, typed, ['password']);
    redirect(303, '/sign-in?recovered');
  },
};
