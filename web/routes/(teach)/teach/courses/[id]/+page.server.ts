import { load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { ensureTeaching } from '#lib/training/ensure-teaching.ts';
import type { PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  ensureTeaching(event);
  const { api } = apiOf(event);
  const param = { id: event.params.id };
  const [draft, course, terms, videos, mine, broadcasts] = await Promise.all([
    ask(api.courses[':id'].draft.$get({ param }), event),
    ask(api.courses[':id'].$get({ param }), event),
    ask(api.catalogue.terms.$get(), event),
    ask(api.videos.$get({ query: { mine: 'true' } }), event),
    ask(api.courses.$get({ query: { mine: 'true' } }), event),
    ask(api.broadcasts.$get({ query: {} }), event),
  ]);
  return {
    draft,
    course,
    terms,
    videos: videos.videos
      .filter(({ state }) => state === 'ready')
      .map(({ id, title }) => ({ value: id, label: title })),
    broadcasts: broadcasts.broadcasts.map(({ id, title }) => ({ value: id, label: title })),
    others: mine.items
      .filter((one) => one.id !== course.id && one.publishedVersion !== null)
      .map(({ key, title }) => ({ value: key, label: title })),
  };
};
