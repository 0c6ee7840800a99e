import { attempt, load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { readForm, refuse, text } from '#lib/forms/answer.ts';
import { nameRegion, readRegions } from '#lib/identity/regions.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const after = event.url.searchParams.get('after') ?? undefined;
  const [{ pairs, next }, regions] = await Promise.all([
    ask(apiOf(event).api.persons.alike.$get({ query: { after } }), event),
    readRegions(event),
  ]);
  return {
    pairs: pairs.map(({ reason, persons }) => ({
      reason,
      key: persons.map(({ id }) => id).join('-'),
      persons: persons.map((person) => ({ ...person, home: nameRegion(regions, person.homeRegionCode) })),
    })),
    next,
  };
};

export const actions: Actions = {
  /** The entry that is not kept becomes the one that is. */
  merge: async (event) => {
    const typed = await readForm(event.request);
    const pair = text(typed, 'pair').split(' ');
    const intoPersonId = text(typed, Object.keys(typed).find((name) => name.startsWith('keep-')) ?? '');
    const param = { id: pair.find((id) => id !== intoPersonId) ?? '-' };
    const json = { intoPersonId, reason: text(typed, 'reason') };
    const outcome = await attempt(apiOf(event).api.persons[':id'].merge.$post({ param, json }));
    return outcome.ok ? { done: 'merged' as const } : refuse(outcome.refusal, typed);
  },
  apart: async (event) => {
    const typed = await readForm(event.request);
    const [one = '', other = ''] = text(typed, 'pair').split(' ');
    const json = { personIds: [one, other] as [string, string] };
    const outcome = await attempt(apiOf(event).api.persons.apart.$post({ json }));
    return outcome.ok ? { done: 'apart' as const } : refuse(outcome.refusal, typed);
  },
};
