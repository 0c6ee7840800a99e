import { redirect } from '@sveltejs/kit';
import { attempt, load as ask, signInAddress } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { list, readForm, refuse, text, type Typed } from '#lib/forms/answer.ts';
import type { DocumentKind } from '#lib/identity/person-words.ts';
import { readRegions, regionOptions, regionsOf } from '#lib/identity/regions.ts';
import type { Actions, PageServerLoad } from './$types.js';

/** As the access table has it for `person.register`; the API decides, this only narrows what is offered. */
const KEEPERS = ['station', 'trainer', 'administrator'];

export const load: PageServerLoad = async (event) => {
  const { session } = event.locals;
  if (!session) redirect(303, signInAddress(event.url));
  const [regions, { audiences }] = await Promise.all([
    readRegions(event),
    ask(apiOf(event).api.auth.notice.$get(), event),
  ]);
  const offered = regionsOf(regions, session, KEEPERS).filter(({ level }) => level !== 'prefecture');
  return { homes: regionOptions(regions, offered), audiences };
};

/** Nothing typed of another document: there is none. */
function documentTyped(typed: Typed) {
  const [kind, number] = [text(typed, 'document.kind'), text(typed, 'document.number')];
  return kind === '' && number === '' ? undefined : { kind: kind as DocumentKind, number };
}

export const actions: Actions = {
  default: async (event) => {
    const typed = await readForm(event.request);
    const method = text(typed, 'consent.method') as 'paper' | 'spoken';
    const person = {
      name: text(typed, 'name'),
      homeRegionCode: text(typed, 'homeRegionCode'),
      phone: text(typed, 'phone') || undefined,
      idNumber: text(typed, 'idNumber') || undefined,
      document: documentTyped(typed),
      audiences: list(typed, 'audiences'),
      consent: { method, sensitive: text(typed, 'consent.sensitive') !== '' },
    };
    const outcome = await attempt(apiOf(event).api.persons.$post({ json: person }));
    if (!outcome.ok) return refuse(outcome.refusal, typed);
    redirect(303, `/people/${outcome.data.id}`);
  },
};
