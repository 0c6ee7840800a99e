import { load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import type { Run } from '#lib/api/shapes.ts';
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
    runs: soonestFirst(runs.items).slice(0, SHOWN),
    programmes: programmes.items.slice(0, SHOWN),
    nextClass: mine && (mine.live[0] ?? mine.upcoming[0]),
  };
};

/** By the next class that is still to come; runs without one come last. */
function soonestFirst(runs: Run[]): Run[] {
  const now = new Date().toISOString();
  const next = (run: Run) => run.sessions.find((session) => session.endsAt > now)?.startsAt ?? '9999';
  return [...runs].sort((one, other) => next(one).localeCompare(next(other)));
}
