import { redirect } from '@sveltejs/kit';
import { attempt, load as ask, signInAddress } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { readForm, refuse, text } from '#lib/forms/answer.ts';
import { EVERYWHERE, nameRegion, readRegions, regionOptions, regionsOf } from '#lib/identity/regions.ts';
import { isRole, type Role } from '#lib/identity/role-words.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const { session } = event.locals;
  if (!session) redirect(303, signInAddress(event.url));
  const asked = event.url.searchParams.get('role') ?? '';
  const role = isRole(asked) ? asked : undefined;
  const after = event.url.searchParams.get('after') ?? undefined;
  const [{ grants, next }, regions] = await Promise.all([
    ask(apiOf(event).api.grants.$get({ query: { role, after } }), event),
    readRegions(event),
  ]);
  const everywhere = session.grants.some((held) => held.regionCode === EVERYWHERE);
  const places = regionOptions(regions, regionsOf(regions, session, ['administrator']));
  return {
    role: role ?? '',
    grants: grants.map((grant) => ({ ...grant, place: nameRegion(regions, grant.regionCode) })),
    next,
    places: everywhere ? [{ value: EVERYWHERE, label: nameRegion(regions, EVERYWHERE) }, ...places] : places,
  };
};

export const actions: Actions = {
  give: async (event) => {
    const typed = await readForm(event.request);
    const json = {
      username: text(typed, 'username'),
      role: text(typed, 'role') as Role,
      regionCode: text(typed, 'regionCode'),
    };
    const outcome = await attempt(apiOf(event).api.grants.$post({ json }));
    return outcome.ok ? { given: true } : refuse(outcome.refusal, typed);
  },
  revoke: async (event) => {
    const typed = await readForm(event.request);
    const param = { id: text(typed, 'id') };
    const outcome = await attempt(apiOf(event).api.grants[':id'].$delete({ param }));
    if (!outcome.ok) return refuse(outcome.refusal, { which: 'revoke' });
    return {
      revoked: {
        username: text(typed, 'username'),
        role: text(typed, 'role') as Role,
        regionCode: text(typed, 'regionCode'),
      },
    };
  },
};
