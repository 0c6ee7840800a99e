import { load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import type { PageServerLoad } from './$types.js';

/** A page of the API holds so many. */
const PAGE_LENGTH = 50;

export const load: PageServerLoad = async (event) => {
  const api = apiOf(event).api.broadcasts;
  const before = event.url.searchParams.get('before') ?? undefined;
  const list = (query: Parameters<typeof api.$get>[0]['query']) => ask(api.$get({ query }), event);
  const [now, soon, past] = await Promise.all([
    list({ state: ['live', 'interrupted'] }),
    list({ state: 'scheduled' }),
    list({ state: 'replay', before }),
  ]);
  const planned = soon.broadcasts.filter((broadcast) => broadcast.scheduledFor !== null);
  return {
    now: now.broadcasts,
    soon: planned.sort((a, b) => a.scheduledFor!.localeCompare(b.scheduledFor!)),
    replays: past.broadcasts,
    more: past.broadcasts.length === PAGE_LENGTH ? (past.broadcasts.at(-1)?.id ?? null) : null,
  };
};
