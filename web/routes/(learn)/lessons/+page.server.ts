import { load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import type { PageServerLoad } from './$types.js';

/** A page of the API holds so many. */
const PAGE_LENGTH = 50;

export const load: PageServerLoad = async (event) => {
  const before = event.url.searchParams.get('before') ?? undefined;
  const { videos } = await ask(apiOf(event).api.videos.$get({ query: { before } }), event);
  return {
    // Its teacher sees the unfinished ones too, on a page of their own.
    videos: videos.filter(({ state }) => state === 'ready'),
    before,
    more: videos.length === PAGE_LENGTH ? (videos.at(-1)?.id ?? null) : null,
  };
};
