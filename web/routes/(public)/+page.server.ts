import { load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import type { PageServerLoad } from './$types.js';

const SHOWN = 6;

export const load: PageServerLoad = async (event) => {
  const { api } = apiOf(event);
  const learns = event.locals.session?.sections.learn ?? false;
  const [onAir, runs, programmes, mine] = await Promise.all([
    ask(api.broadcasts.$get({ query: { state: ['live', 'interrupted'] } }), event),
    ask(api.runs.$get({ query: { state: 'open' } }), event),
    ask(api.programmes.$get({ query: {} }), event),
    learns ? ask(api.me.learning.$get(), event) : undefined,
  ]);
  return {
    onAir: onAir.broadcasts.slice(0, SHOWN),
    runs: runs.items.slice(0, SHOWN),
    programmes: programmes.items.slice(0, SHOWN),
    nextClass: mine && (mine.live[0] ?? mine.upcoming[0]),
  };
};
