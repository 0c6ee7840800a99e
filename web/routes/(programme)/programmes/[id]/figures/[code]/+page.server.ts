import { load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { ensurePageWithin } from '#lib/api/page-within.ts';
import type { PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const { api } = apiOf(event);
  const { id, code } = event.params;
  const { searchParams } = event.url;
  const query = {
    region: searchParams.get('region') || undefined,
    asOf: searchParams.get('asOf') || undefined,
    standing: searchParams.get('standing') || undefined,
    page: searchParams.get('page') ?? undefined,
  } as { region?: string; asOf?: string; standing?: 'counted'; page?: string };
  const [evidence, programme] = await Promise.all([
    ask(api.programmes[':id'].indicators[':code'].evidence.$get({ param: { id, code }, query }), event),
    ask(api.programmes[':id'].$get({ param: { id } }), event),
  ]);
  ensurePageWithin(event.url, evidence);
  const target = programme.targets.find(({ indicatorCode }) => indicatorCode === code);
  return {
    evidence,
    programme: { id: programme.id, name: programme.name },
    // 人数 has no target of its own, and so its name stands nowhere among the targets.
    name: target?.name ?? '培训人数',
    unit: target?.unit ?? '人',
  };
};
