import { and, eq, isNotNull, isNull } from 'drizzle-orm';
import { enrolments, trainingSessions } from '../../../drizzle/schema/training.ts';
import type { Reader } from '../../platform/database/open.ts';

/** The ids of the broadcasts of all runs a person is enrolled in, in one query. */
export async function listBroadcastIdsOf(db: Reader, personId: string): Promise<string[]> {
  const rows = await db
    .select({ broadcastId: trainingSessions.broadcastId })
    .from(enrolments)
    .innerJoin(trainingSessions, eq(trainingSessions.runId, enrolments.runId))
    .where(
      and(
        eq(enrolments.personId, personId),
        isNull(enrolments.cancelledAt),
        isNotNull(trainingSessions.broadcastId),
      ),
    );
  return rows.flatMap(({ broadcastId }) => (broadcastId === null ? [] : [broadcastId]));
}
