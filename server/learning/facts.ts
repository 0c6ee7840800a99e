import type { CourseDocument } from '../../courses/model/course-schema.ts';
import { NO_FACTS, progressOf, type CourseProgress, type LessonFacts } from '../../courses/model/progress.ts';
import type { LiveDesk } from './ports.ts';
import type { LessonRow, StartRow } from './store/study.ts';

/** What the rows of a learner's lessons say, by lesson. */
export function factsOf(rows: readonly LessonRow[]): Record<string, LessonFacts> {
  return Object.fromEntries(
    rows.map((row) => [
      row.lessonKey,
      {
        opened: true,
        read: row.readAt !== null,
        seen: row.seen,
        lengthSeconds: row.lengthSeconds,
        presentPercent: 0,
        bestPercent: row.bestPercent,
        handedIn: row.handedIn,
        accepted: row.accepted,
      },
    ]),
  );
}

/** Adds how much of each live class the learner was measured to be present at. Its own socket measures that, not the player. */
export async function withPresence(
  facts: Readonly<Record<string, LessonFacts>>,
  document: CourseDocument,
  personId: string,
  live: LiveDesk,
): Promise<Record<string, LessonFacts>> {
  const lessons = document.lessons.filter((one) => one.kind === 'live');
  if (lessons.length === 0) return facts;
  const broadcasts = await live.broadcastsById(lessons.map((one) => one.broadcastId));
  const present = await Promise.all(
    lessons.map(async (lesson) => {
      const { liveAt, endedAt } = broadcasts.get(lesson.broadcastId) ?? {};
      if (!liveAt || !endedAt) return undefined;
      const seconds = (Date.parse(endedAt) - Date.parse(liveAt)) / 1000;
      const stayed = await live.effectiveSecondsByPerson(lesson.broadcastId, [personId]);
      const presentPercent =
        seconds > 0 ? Math.min(100, Math.floor(((stayed.get(personId) ?? 0) * 100) / seconds)) : 0;
      return [lesson.key, { ...(facts[lesson.key] ?? NO_FACTS), presentPercent }] as const;
    }),
  );
  return { ...facts, ...Object.fromEntries(present.filter((one) => one !== undefined)) };
}

export function progressIn(
  document: CourseDocument,
  start: Pick<StartRow, 'startedAt'>,
  facts: Readonly<Record<string, LessonFacts>>,
): CourseProgress {
  return progressOf(document, facts, Date.parse(start.startedAt));
}
