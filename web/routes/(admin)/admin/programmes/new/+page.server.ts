import { error, redirect } from '@sveltejs/kit';
import { attempt, load as ask, signInAddress } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { list, readForm, refuse, text } from '#lib/forms/answer.ts';
import { dayOf } from '#lib/format/date.ts';
import { nameRegion, readRegions, regionsOf } from '#lib/identity/regions.ts';
import { changedTargets, editableTargets } from '#lib/programme/catalogue-targets.ts';
import type { Actions, PageServerLoad } from './$types.js';

const DAY_MS = 86_400_000;
/** How long a programme runs whose document names no beginning. */
const A_YEAR_DAYS = 365;

export const load: PageServerLoad = async (event) => {
  const { session } = event.locals;
  if (!session) redirect(303, signInAddress(event.url));
  if (!session.sections.administration) error(403);
  const [{ programmes, indicators }, regions] = await Promise.all([
    ask(apiOf(event).api.catalogue.programmes.$get(), event),
    readRegions(event),
  ]);
  const choices = programmes.map(({ id, name, document, regions: codes, targets }) => ({
    id,
    name,
    document,
    places: codes.map((code) => nameRegion(regions, code)).join('、'),
    targetCount: targets.length,
  }));
  const original = programmes.find(({ id }) => id === event.url.searchParams.get('from'));
  if (!original) return { choices, chosen: null };

  const spanDays = original.startsOn
    ? (Date.parse(original.endsOn) - Date.parse(original.startsOn)) / DAY_MS
    : A_YEAR_DAYS;
  const counties = regionsOf(regions, session, ['administrator']).filter(({ level }) => level === 'county');
  const nameOf = (code: string) => nameRegion(regions, code);
  return {
    choices,
    chosen: {
      id: original.id,
      name: original.name,
      document: original.document,
      startsOn: dayOf(Date.now()),
      endsOn: dayOf(Date.now() + spanDays * DAY_MS),
      counties: counties.map(({ code, name, parentCode }) => ({
        code,
        name: parentCode ? `${nameOf(parentCode)} · ${name}` : name,
        proposed: original.regions.some((outer) => code.startsWith(outer.replace(/(00)+$/, ''))),
      })),
      targets: editableTargets(original.targets, indicators, nameOf),
    },
  };
};

export const actions: Actions = {
  default: async (event) => {
    const typed = await readForm(event.request);
    const { programmes } = await ask(apiOf(event).api.catalogue.programmes.$get(), event);
    const original = programmes.find(({ id }) => id === text(typed, 'catalogueId'));
    const copy = {
      catalogueId: text(typed, 'catalogueId'),
      name: text(typed, 'name') || undefined,
      startsOn: text(typed, 'startsOn'),
      endsOn: text(typed, 'endsOn'),
      regionCodes: list(typed, 'regionCodes'),
      targets: changedTargets(original?.targets ?? [], typed),
    };
    const outcome = await attempt(apiOf(event).api.programmes.$post({ json: copy }));
    if (!outcome.ok) return refuse(outcome.refusal, typed);
    redirect(303, `/programmes/${outcome.data.id}`);
  },
};
