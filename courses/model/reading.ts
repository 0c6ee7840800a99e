import { parseArticle, spokenText } from './article.ts';
import type { LessonOf } from './course-schema.ts';

/** Twice as fast as a quick reader of Chinese reads: nobody who did read is told to wait. */
const CHARACTERS_PER_SECOND = 20;
const SECONDS_PER_PAGE = 1;

/** Characters that are read: Han and Latin letters and digits, no spaces and no markup. */
export function countCharacters(body: string): number {
  const text = parseArticle(body).map(spokenText).join('');
  return text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
}

/** The least time between opening and having read it, in seconds. */
export function leastReadingSeconds(lesson: LessonOf<'article'> | LessonOf<'document'>): number {
  return lesson.kind === 'document'
    ? lesson.pages.length * SECONDS_PER_PAGE
    : Math.floor(countCharacters(lesson.body) / CHARACTERS_PER_SECOND);
}
