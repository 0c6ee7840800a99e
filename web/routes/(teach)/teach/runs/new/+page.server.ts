import { redirect } from '@sveltejs/kit';
import { attempt, load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { list, number, readForm, refuse, text } from '#lib/forms/answer.ts';
import { liesIn, readRegions, regionOptions, regionsOf } from '#lib/identity/regions.ts';
import { ensureTeaching, TEACHING_ROLES } from '#lib/training/ensure-teaching.ts';
import { sessionsTyped } from '#lib/training/sessions-typed.ts';
import type { Actions, PageServerLoad } from './$types.js';

const MOST_SESSIONS = 10;

export const load: PageServerLoad = async (event) => {
  const session = ensureTeaching(event);
  const { api } = apiOf(event);
  const [courses, terms, programmes, all] = await Promise.all([
    ask(api.courses.$get({ query: { mine: 'true' } }), event),
    ask(api.catalogue.terms.$get(), event),
    ask(api.programmes.$get({ query: {} }), event),
    readRegions(event),
  ]);
  const chosen = event.url.searchParams.get('course');
  const known = courses.items.some((course) => course.id === chosen);
  const other =
    chosen && !known ? await ask(api.courses[':id'].$get({ param: { id: chosen } }), event) : undefined;
  // A prefecture holds no run: its counties do.
  const own = regionsOf(all, session, TEACHING_ROLES).filter(({ level }) => level !== 'prefecture');
  return {
    courses: [...(other ? [other] : []), ...courses.items].map(({ id, title, regionCode }) => ({
      id,
      title,
      regionCode,
    })),
    chosen,
    forms: terms.forms,
    regions: regionOptions(all, own),
    programmes: programmes.items
      .filter(({ counties }) => counties.some(({ code }) => own.some((region) => liesIn(region.code, code))))
      .map(({ id, name, startsOn, endsOn }) => ({ id, name, startsOn, endsOn })),
    rows: Math.min(MOST_SESSIONS, Math.max(1, Number(event.url.searchParams.get('sessions')) || 1)),
  };
};

export const actions: Actions = {
  default: async (event) => {
    const typed = await readForm(event.request);
    const { api } = apiOf(event);
    const courseId = text(typed, 'courseId');
    const course = await attempt(api.courses[':id'].$get({ param: { id: courseId || '-' } }));
    if (!course.ok) return refuse(course.refusal, typed);
    const { level, audiences, hours } = course.data;
    const sessions = sessionsTyped(typed, text(typed, 'title') || course.data.title);
    const json = {
      courseId,
      title: text(typed, 'title') || course.data.title,
      regionCode: text(typed, 'regionCode'),
      form: text(typed, 'form'),
      ...{ level, audiences, hours },
      capacity: number(typed, 'capacity') ?? 0,
      requiredSessions: number(typed, 'requiredSessions') ?? sessions.length,
      programmeIds: list(typed, 'programmeIds'),
      sessions,
    };
    const outcome = await attempt(api.runs.$post({ json }));
    if (!outcome.ok) return refuse(outcome.refusal, typed);
    redirect(303, `/teach/runs/${outcome.data.id}`);
  },
};
