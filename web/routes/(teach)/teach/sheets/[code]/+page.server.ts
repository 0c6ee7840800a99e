import { attempt, load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { list, readForm, refuse, text } from '#lib/forms/answer.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const { api } = apiOf(event);
  return { sheet: await ask(api.sheets[':code'].$get({ param: { code: event.params.code } }), event) };
};

export const actions: Actions = {
  enter: async (event) => {
    const typed = await readForm(event.request);
    const [ins, outs] = [list(typed, 'in'), list(typed, 'out')];
    const marks = [...new Set([...ins, ...outs])].map((number) => ({
      number: Number(number),
      signedIn: ins.includes(number),
      signedOut: outs.includes(number),
    }));
    const param = { code: event.params.code };
    const json = { photoId: text(typed, 'photoId'), marks };
    const outcome = await attempt(apiOf(event).api.sheets[':code'].marks.$post({ param, json }));
    return outcome.ok ? { done: 'entered' as const } : refuse(outcome.refusal, typed);
  },
};
