import { load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { ensurePageWithin } from '#lib/api/page-within.ts';
import type { PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const { searchParams } = event.url;
  const text = searchParams.get('text')?.trim() || undefined;
  const level = searchParams.get('level') || undefined;
  const page = searchParams.get('page') ?? undefined;
  const { api } = apiOf(event);
  const [courses, terms] = await Promise.all([
    ask(api.courses.$get({ query: { text, level, page } }), event),
    ask(api.catalogue.terms.$get(), event),
  ]);
  ensurePageWithin(event.url, courses);
  return { courses, levels: terms.levels, text: text ?? '', level: level ?? '' };
};
