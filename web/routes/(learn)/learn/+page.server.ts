import { attempt, load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { refuse } from '#lib/forms/answer.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const { me } = apiOf(event).api;
  const [mine, online, calendar] = await Promise.all([
    ask(me.learning.$get(), event),
    ask(me.courses.$get(), event),
    ask(me.calendar.$get(), event),
  ]);
  return { mine, courses: online.courses, calendar };
};

export const actions: Actions = {
  calendar: async (event) => {
    const made = await attempt(apiOf(event).api.me.calendar.$post());
    if (!made.ok) return refuse(made.refusal, {});
    return { calendarAddress: event.url.origin + made.data.path };
  },
  revoke: async (event) => {
    const outcome = await attempt(apiOf(event).api.me.calendar.$delete());
    return outcome.ok ? { revoked: true } : refuse(outcome.refusal, {});
  },
};
