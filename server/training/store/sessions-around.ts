import { and, asc, eq, getTableColumns, gte, inArray, isNull, lte } from 'drizzle-orm';
import { enrolments, trainingSessions } from '../../../drizzle/schema/training.ts';
import { instant } from '../../platform/clock.ts';
import type { Reader } from '../../platform/database/open.ts';
import type { SessionRow } from './runs.ts';

/** The sessions of the runs these people are enrolled in that touch a stretch of time, the earliest first. */
export function listSessionsAround(
  db: Reader,
  personIds: string[],
  stretch: { fromMs: number; untilMs: number },
): Promise<SessionRow[]> {
  return db
    .selectDistinct(getTableColumns(trainingSessions))
    .from(trainingSessions)
    .innerJoin(enrolments, eq(enrolments.runId, trainingSessions.runId))
    .where(
      and(
        inArray(enrolments.personId, personIds),
        isNull(enrolments.cancelledAt),
        lte(trainingSessions.startsAt, instant(stretch.untilMs)),
        gte(trainingSessions.endsAt, instant(stretch.fromMs)),
      ),
    )
    .orderBy(asc(trainingSessions.startsAt));
}
