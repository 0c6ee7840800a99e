import { error, redirect } from '@sveltejs/kit';
import { attempt, load as ask, signInAddress } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { list, readForm, refuse, text } from '#lib/forms/answer.ts';
import { EVERYWHERE, readRegions, regionsOf } from '#lib/identity/regions.ts';
import { m } from '#lib/paraglide/messages.js';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const { session } = event.locals;
  if (!session) redirect(303, signInAddress(event.url));
  if (!session.sections.administration) error(403, { message: m.error_access_denied() });
  const { programmes } = await ask(apiOf(event).api.catalogue.programmes.$get(), event);
  const all = await readRegions(event);
  const everywhere = session.grants.some(
    ({ role, regionCode }) => role === 'administrator' && regionCode === EVERYWHERE,
  );
  const own = everywhere ? all : regionsOf(all, session, ['administrator']);
  return {
    catalogue: programmes.map(({ id, name, document, startsOn, endsOn, regions }) => ({
      ...{ id, name, document, startsOn, endsOn, regions },
    })),
    counties: own
      .filter(({ level }) => level === 'county')
      .map(({ code, name }) => ({ value: code, label: name })),
    chosen: event.url.searchParams.get('from'),
  };
};

export const actions: Actions = {
  default: async (event) => {
    const typed = await readForm(event.request);
    const json = {
      catalogueId: text(typed, 'catalogueId'),
      name: text(typed, 'name') || undefined,
      startsOn: text(typed, 'startsOn'),
      endsOn: text(typed, 'endsOn'),
      regionCodes: list(typed, 'regionCodes'),
    };
    const outcome = await attempt(apiOf(event).api.programmes.$post({ json }));
    if (!outcome.ok) return refuse(outcome.refusal, typed);
    redirect(303, `/programmes/${outcome.data.id}`);
  },
};
