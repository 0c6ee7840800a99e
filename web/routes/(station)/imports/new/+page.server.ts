import { error } from '@sveltejs/kit';
import { load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import type { PageServerLoad } from './$types.js';

/** `?run=` for people to enrol, `?region=` for places. */
export const load: PageServerLoad = async (event) => {
  const { api } = apiOf(event);
  const run = event.url.searchParams.get('run');
  const region = event.url.searchParams.get('region');
  if (run) {
    const { id, title } = await ask(api.runs[':id'].$get({ param: { id: run } }), event);
    return { kind: 'enrolments' as const, target: id, title, back: `/teach/runs/${id}` };
  }
  const { regions } = await ask(api.regions.$get({ query: { under: region ?? '-' } }), event);
  const found = regions.find(({ code }) => code === region);
  if (!found) error(404);
  return {
    ...{ kind: 'regions' as const, target: found.code, title: found.name },
    back: `/admin/regions/${found.code}`,
  };
};
