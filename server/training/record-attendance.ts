import { instant, type Clock } from '../platform/clock.ts';
import type { Transaction } from '../platform/database/open.ts';
import { newId } from '../platform/ids.ts';
import { tell } from './events.ts';
import { impossibleTogether, LIVE_PRESENCE, reachesThreshold } from './rules.ts';
import {
  hasAttendance,
  insertAttendance,
  listRefusalsBecauseOf,
  listStandingOfPerson,
  putRefusal,
} from './store/attendances.ts';
import { findActiveEnrolment } from './store/enrolments.ts';
import { findSession, type SessionRow } from './store/runs.ts';

/** Presence of one person in a session's broadcast, as the server measured it. */
export interface Measurement {
  personId: string;
  effectiveSeconds: number;
  /** When the threshold was reached, or the latest instant at which it certainly had been. */
  occurredAt: string;
}

export type Outcome = 'recorded' | 'below-threshold' | 'not-enrolled' | 'known' | 'impossible';

/**
 * Writes the attendance of an enrolled person once the session's threshold is reached. Once: a second measurement, or
 * one after the attendance was voided, changes nothing. What cannot be true is refused and kept as a refusal.
 */
export async function recordAttendance(
  tx: Transaction,
  clock: Clock,
  session: SessionRow,
  measured: Measurement,
): Promise<Outcome> {
  const { personId, effectiveSeconds, occurredAt } = measured;
  if (!reachesThreshold(effectiveSeconds, session.thresholdMinutes)) return 'below-threshold';
  if (!(await findActiveEnrolment(tx, session.runId, personId))) return 'not-enrolled';
  if (await hasAttendance(tx, session.id, personId)) return 'known';

  const recordedAt = instant(clock.now());
  const clash = (await listStandingOfPerson(tx, personId)).find((other) =>
    impossibleTogether(other, measured),
  );
  if (clash) {
    await putRefusal(tx, {
      sessionId: session.id,
      personId,
      reason: 'two-sessions-at-once',
      conflictingAttendanceId: clash.id,
      effectiveSeconds,
      occurredAt,
      refusedAt: recordedAt,
    });
    return 'impossible';
  }
  const fact = {
    sessionId: session.id,
    runId: session.runId,
    personId,
    method: 'live-presence' as const,
    occurredAt,
    recordedAt,
  };
  const id = newId<'attendance'>();
  await insertAttendance(tx, {
    ...fact,
    id,
    effectiveSeconds: Math.floor(effectiveSeconds),
    thresholdMinutes: session.thresholdMinutes,
    rule: LIVE_PRESENCE.rule,
    ruleVersion: LIVE_PRESENCE.version,
    recordedBy: 'hub',
    voidedAt: null,
    voidedBy: null,
    voidReason: null,
  });
  await tell(tx, 'training.attendance-recorded', { ...fact, attendanceId: id }, recordedAt);
  return 'recorded';
}

/**
 * Judges again, in the order they happened, what was refused because of an attendance that has been voided: the person
 * may have been there after all. What clashes with another attendance stays refused, because of that one.
 */
export async function retryRefused(tx: Transaction, clock: Clock, voidedAttendanceId: string): Promise<void> {
  for (const refusal of await listRefusalsBecauseOf(tx, voidedAttendanceId)) {
    const session = await findSession(tx, refusal.sessionId);
    if (session) await recordAttendance(tx, clock, session, refusal);
  }
}
