import { attempt, load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { ensurePageWithin } from '#lib/api/page-within.ts';
import { readForm, refuse, text } from '#lib/forms/answer.ts';
import { ensureTeaching } from '#lib/training/ensure-teaching.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  ensureTeaching(event);
  const api = apiOf(event).api['course-work'];
  const page = event.url.searchParams.get('page') ?? undefined;
  const [waiting, graded] = await Promise.all([
    ask(api.$get({ query: { page } }), event),
    ask(api.graded.$get(), event),
  ]);
  ensurePageWithin(event.url, waiting);
  return { waiting, graded: graded.items };
};

/** `points.{criterion}` of the form. */
const POINTS = 'points.';

export const actions: Actions = {
  default: async (event) => {
    const typed = await readForm(event.request);
    const points = Object.fromEntries(
      Object.keys(typed)
        .filter((name) => name.startsWith(POINTS))
        .map((name) => [name.slice(POINTS.length), Number(text(typed, name))]),
    );
    const verdict = text(typed, 'verdict') === 'accepted' ? ('accepted' as const) : ('returned' as const);
    const api = apiOf(event).api['course-work'];
    const param = { id: text(typed, 'work') };
    const outcome = await attempt(
      api[':id'].grade.$post({ param, json: { verdict, comment: text(typed, 'comment'), points } }),
    );
    if (!outcome.ok) return refuse(outcome.refusal, typed);
    return { graded: param.id };
  },
};
