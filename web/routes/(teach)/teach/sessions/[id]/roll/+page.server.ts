import { attempt, load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { ensurePageWithin } from '#lib/api/page-within.ts';
import { list, readForm, refuse, text } from '#lib/forms/answer.ts';
import { m } from '#lib/paraglide/messages.js';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const { api } = apiOf(event);
  const page = event.url.searchParams.get('page') ?? undefined;
  const asked = api.sessions[':id'].roll.$get({ param: { id: event.params.id }, query: { page } });
  const roll = await ask(asked, event);
  ensurePageWithin(event.url, roll);
  return { roll };
};

export const actions: Actions = {
  mark: async (event) => {
    const typed = await readForm(event.request);
    const json = {
      kind: text(typed, 'kind') === 'out' ? ('out' as const) : ('in' as const),
      entries: list(typed, 'personId').map((personId) => ({ personId })),
    };
    const param = { id: event.params.id };
    const outcome = await attempt(apiOf(event).api.sessions[':id'].roll.$post({ param, json }));
    if (!outcome.ok) return refuse(outcome.refusal, typed);
    const skipped = outcome.data.results.filter(
      (result) => result.outcome === 'not-enrolled' || result.outcome === 'not-signed-in',
    );
    return { skipped: skipped.length };
  },
  undo: async (event) => {
    const typed = await readForm(event.request);
    const param = { id: text(typed, 'attendanceId') || '-' };
    const json = { reason: m.attend_roll_undo_reason() };
    const outcome = await attempt(apiOf(event).api.attendances[':id'].void.$post({ param, json }));
    return outcome.ok ? { skipped: 0 } : refuse(outcome.refusal, typed);
  },
};
