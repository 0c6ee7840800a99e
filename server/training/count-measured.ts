import { instant, type Clock } from '../platform/clock.ts';
import type { Transaction } from '../platform/database/open.ts';
import type { BroadcastDesk } from './ports.ts';
import { recordAttendance } from './record-attendance.ts';
import { listSessionsOfRuns } from './store/runs.ts';

/** Whoever watched first and is enrolled while the class is still on is counted from here. */
export async function countMeasuredSoFar(
  tx: Transaction,
  { clock, broadcasts }: { clock: Clock; broadcasts: BroadcastDesk },
  runId: string,
  personIds: readonly string[],
): Promise<void> {
  const sessions = await listSessionsOfRuns(tx, [runId]);
  const states = await broadcasts.broadcastsById(sessions.flatMap((session) => session.broadcastId ?? []));
  for (const session of sessions) {
    const state = session.broadcastId === null ? undefined : states.get(session.broadcastId)?.state;
    if (session.broadcastId === null || (state !== 'live' && state !== 'interrupted')) continue;
    const seconds = await broadcasts.effectiveSecondsByPerson(session.broadcastId, personIds);
    for (const [personId, effectiveSeconds] of seconds)
      await recordAttendance(tx, clock, session, {
        ...{ personId, effectiveSeconds },
        occurredAt: instant(clock.now()),
      });
  }
}
