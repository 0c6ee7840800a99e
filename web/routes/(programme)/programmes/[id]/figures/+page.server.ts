import { attempt, load as ask, signInAddress } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { refuse } from '#lib/forms/answer.ts';
import { liesIn } from '#lib/identity/regions.ts';
import { OFFICIAL_ROLES, regionShownFirst } from '#lib/programme/region-shown.ts';
import { redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const { session } = event.locals;
  if (!session) redirect(303, signInAddress(event.url));
  const { api } = apiOf(event);
  const param = { id: event.params.id };
  const asOf = event.url.searchParams.get('asOf') || undefined;
  const programme = await ask(api.programmes[':id'].$get({ param }), event);
  const places = [...(programme.counties.length > 1 ? [programme.region] : []), ...programme.counties];
  const region = event.url.searchParams.get('region') ?? regionShownFirst(session, places);
  const page = await ask(api.programmes[':id'].indicators.$get({ param, query: { region, asOf } }), event);
  const held = session.grants.filter(({ role }) => OFFICIAL_ROLES.includes(role));
  return {
    page,
    places: places.filter(({ code }) => held.some((grant) => liesIn(code, grant.regionCode))),
    audits: session.grants.some(
      ({ role, regionCode }) =>
        ['auditor', 'administrator'].includes(role) && liesIn(programme.region.code, regionCode),
    ),
  };
};

export const actions: Actions = {
  recompute: async (event) => {
    const param = { id: event.params.id };
    const outcome = await attempt(apiOf(event).api.programmes[':id'].recompute.$post({ param }));
    return outcome.ok ? { report: outcome.data } : refuse(outcome.refusal, {});
  },
};
