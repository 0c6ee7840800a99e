import { attempt } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { answerSigning } from '#lib/sign-in/answer-signing.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const { token } = event.params;
  const read = await attempt(apiOf(event).api['sign-in'][':token'].$get({ param: { token } }));
  const loggedIn = event.locals.session !== null;
  return { token, loggedIn, info: read.ok ? read.data : null, wrong: read.ok ? null : read.refusal };
};

export const actions: Actions = { default: (event) => answerSigning(event, event.params.token) };
