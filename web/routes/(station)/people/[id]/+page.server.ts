import { attempt, load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { readForm, refuse, text } from '#lib/forms/answer.ts';
import type { VerificationSource } from '#lib/identity/person-words.ts';
import { nameRegion, readRegions } from '#lib/identity/regions.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const param = { id: event.params.id };
  const [person, regions] = await Promise.all([
    ask(apiOf(event).api.persons[':id'].$get({ param }), event),
    readRegions(event),
  ]);
  return {
    person,
    home: nameRegion(regions, person.homeRegionCode),
    oneself: event.locals.session?.person.id === person.id,
    mayMerge: event.locals.session?.sections.merging ?? false,
  };
};

export const actions: Actions = {
  verify: async (event) => {
    const typed = await readForm(event.request);
    const source = text(typed, 'source') as VerificationSource;
    const json = { source, idNumber: text(typed, 'idNumber') || undefined };
    const param = { id: event.params.id };
    const outcome = await attempt(apiOf(event).api.persons[':id'].verification.$post({ param, json }));
    return outcome.ok ? { verified: true } : refuse(outcome.refusal, { ...typed, which: 'verify' });
  },
  unmerge: async (event) => {
    const typed = await readForm(event.request);
    const param = { id: event.params.id };
    const json = { reason: text(typed, 'reason') };
    const outcome = await attempt(apiOf(event).api.persons[':id'].unmerge.$post({ param, json }));
    return outcome.ok ? { unmerged: true } : refuse(outcome.refusal, { ...typed, which: 'unmerge' });
  },
  code: async (event) => {
    const param = { id: event.params.id };
    const outcome = await attempt(apiOf(event).api.persons[':id']['recovery-code'].$post({ param }));
    return outcome.ok ? { code: outcome.data } : refuse(outcome.refusal, { which: 'code' });
  },
};
