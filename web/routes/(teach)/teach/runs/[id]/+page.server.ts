import { redirect } from '@sveltejs/kit';
import { attempt, load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { ensurePageWithin } from '#lib/api/page-within.ts';
import { readForm, refuse, text } from '#lib/forms/answer.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const { api } = apiOf(event);
  const param = { id: event.params.id };
  const page = event.url.searchParams.get('page') ?? undefined;
  const [run, roster, survey] = await Promise.all([
    ask(api.runs[':id'].$get({ param }), event),
    ask(api.runs[':id'].roster.$get({ param, query: { page } }), event),
    ask(api.runs[':id'].survey.results.$get({ param }), event),
  ]);
  ensurePageWithin(event.url, roster);
  return { run, roster, survey, enrolsOthers: event.locals.session?.sections.people ?? false };
};

export const actions: Actions = {
  open: async (event) => {
    const { api } = apiOf(event);
    const outcome = await attempt(api.runs[':id'].open.$post({ param: { id: event.params.id } }));
    return outcome.ok ? { done: 'opened' as const } : refuse(outcome.refusal, {});
  },
  close: async (event) => {
    const { api } = apiOf(event);
    const outcome = await attempt(api.runs[':id'].close.$post({ param: { id: event.params.id } }));
    return outcome.ok ? { done: 'closed' as const } : refuse(outcome.refusal, {});
  },
  /** Makes the session's broadcast, links it and leads to the studio; linked already, it leads there only. */
  studio: async (event) => {
    const typed = await readForm(event.request);
    const { api } = apiOf(event);
    const read = await attempt(api.runs[':id'].$get({ param: { id: event.params.id } }));
    if (!read.ok) return refuse(read.refusal, typed);
    const session = read.data.sessions.find(({ id }) => id === text(typed, 'sessionId'));
    if (session?.broadcastId) redirect(303, `/studio/${session.broadcastId}`);
    const made = await attempt(
      api.broadcasts.$post({
        json: {
          title: session?.title ?? read.data.title,
          kind: 'class',
          regionCode: read.data.regionCode,
          scheduledFor: session?.startsAt,
        },
      }),
    );
    if (!made.ok) return refuse(made.refusal, typed);
    const linked = await attempt(
      api.sessions[':id'].broadcast.$post({
        param: { id: text(typed, 'sessionId') || '-' },
        json: { broadcastId: made.data.id },
      }),
    );
    if (!linked.ok) return refuse(linked.refusal, typed);
    redirect(303, `/studio/${made.data.id}`);
  },
  void: async (event) => {
    const typed = await readForm(event.request);
    const { api } = apiOf(event);
    const param = { id: text(typed, 'attendanceId') || '-' };
    const json = { reason: text(typed, 'reason') };
    const outcome = await attempt(api.attendances[':id'].void.$post({ param, json }));
    return outcome.ok ? { done: 'voided' as const } : refuse(outcome.refusal, typed);
  },
};
