import { instant, type Clock } from '../platform/clock.ts';
import type { Transaction } from '../platform/database/open.ts';
import { newId } from '../platform/ids.ts';
import { tellAll } from './events.ts';
import {
  impossibleTogether,
  LIVE_PRESENCE,
  reachesThreshold,
  REPLAY,
  stretchOf,
  type AttendanceRule,
} from './rules.ts';
import { isVouched, SIGN_IN } from './sign-in/rules.ts';
import {
  insertAttendances,
  listAttendancesIn,
  listRefusalsBecauseOf,
  listStandingOfPersons,
  putRefusal,
  type AttendanceMethod,
  type AttendanceRow,
} from './store/attendances.ts';
import { listActiveEnrolmentsAmong } from './store/enrolments.ts';
import { findSession, type SessionRow } from './store/runs.ts';
import { listSignOutsOf } from './store/signings.ts';

/** That a person was there for a session, as the server measured it or as someone signed for it. */
export interface Presence {
  personId: string;
  method: AttendanceMethod;
  effectiveSeconds: number;
  /** The stretch they were there: what cannot be true together is told by it. */
  presentFrom: string;
  presentUntil: string;
  /** The day this counts for is the day of this instant in Asia/Shanghai. */
  occurredAt: string;
  recordedBy: string;
  /** What is enough, where it is not the session's threshold. */
  requiredSeconds?: number;
}

export type Outcome = 'recorded' | 'below-threshold' | 'not-enrolled' | 'known' | 'impossible';

/** Presence of one person in a session's broadcast, as the server measured it. */
export interface Measurement {
  personId: string;
  effectiveSeconds: number;
  /** When the threshold was reached, or the latest instant at which it certainly had been. */
  occurredAt: string;
}

/** A measured presence as a claim; who recorded it was the hub. */
export function measuredPresence(measured: Measurement, method: 'live-presence' | 'replay'): Presence {
  const { personId, effectiveSeconds, occurredAt } = measured;
  return { personId, effectiveSeconds, occurredAt, method, ...stretchOf(measured), recordedBy: 'hub' };
}

/** As {@link recordAttendances}, for the presence of one person in a live class. */
export async function recordAttendance(
  tx: Transaction,
  clock: Clock,
  session: SessionRow,
  measured: Measurement,
): Promise<Outcome> {
  const presence = measuredPresence(measured, 'live-presence');
  return (await recordAttendances(tx, clock, session, [presence])).get(measured.personId)!;
}

/**
 * Writes the attendance of enrolled people once the session's threshold is reached, whatever the method. Once: a second
 * claim changes nothing, nor does one after the attendance was voided, unless a person vouches for it anew. What cannot
 * be true is refused and kept as a refusal. One presence a person; answers by person.
 */
export async function recordAttendances(
  tx: Transaction,
  clock: Clock,
  session: SessionRow,
  presences: Presence[],
): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const long = presences.filter((presence) => {
    const enough =
      presence.requiredSeconds === undefined
        ? reachesThreshold(presence.effectiveSeconds, session.thresholdMinutes)
        : presence.effectiveSeconds >= presence.requiredSeconds;
    if (!enough) outcomes.set(presence.personId, 'below-threshold');
    return enough;
  });
  const ids = long.map((presence) => presence.personId);
  if (ids.length === 0) return outcomes;
  const enrolled = new Set(
    (await listActiveEnrolmentsAmong(tx, session.runId, ids)).map((enrolment) => enrolment.personId),
  );
  const known = Map.groupBy(await listAttendancesIn(tx, session.id, ids), (row) => row.personId);
  const elsewhere = Map.groupBy(await listStandingPresences(tx, ids), (row) => row.personId);
  const recordedAt = instant(clock.now());
  const rows: AttendanceRow[] = [];
  for (const presence of long) {
    const { personId } = presence;
    const before = known.get(personId) ?? [];
    const isKnown = isVouched(presence.method)
      ? before.some((row) => row.voidedAt === null)
      : before.length > 0;
    const clash = elsewhere.get(personId)?.find((other) => impossibleTogether(other, presence));
    if (!enrolled.has(personId)) outcomes.set(personId, 'not-enrolled');
    else if (isKnown) outcomes.set(personId, 'known');
    else if (clash) {
      outcomes.set(personId, 'impossible');
      await putRefusal(tx, {
        ...asClaim(presence),
        sessionId: session.id,
        reason: 'two-sessions-at-once',
        conflictingAttendanceId: clash.id,
        refusedAt: recordedAt,
      });
    } else {
      outcomes.set(personId, 'recorded');
      rows.push(asRow(session, presence, recordedAt));
    }
  }
  await insertAttendances(tx, rows);
  const facts = rows.map(({ id, sessionId, runId, personId, method, occurredAt }) => ({
    attendanceId: id,
    ...{ sessionId, runId, personId, method, occurredAt, recordedAt },
  }));
  await tellAll(tx, 'training.attendance-recorded', facts, recordedAt);
  return outcomes;
}

/** What stands of these people anywhere, shortened to when they signed out. */
async function listStandingPresences(tx: Transaction, personIds: string[]): Promise<AttendanceRow[]> {
  const standing = await listStandingOfPersons(tx, personIds);
  if (standing.length === 0) return [];
  const outs = await listSignOutsOf(tx, personIds);
  return standing.map((row) => {
    const out = outs.find((one) => one.sessionId === row.sessionId && one.personId === row.personId);
    return out && out.signedAt < row.presentUntil ? { ...row, presentUntil: out.signedAt } : row;
  });
}

/** What is kept of a presence. */
function asClaim({ requiredSeconds: _required, ...claim }: Presence) {
  return claim;
}

function asRow(session: SessionRow, presence: Presence, recordedAt: string): AttendanceRow {
  const { rule, version } = ruleOf(presence.method);
  return {
    ...asClaim(presence),
    id: newId<'attendance'>(),
    sessionId: session.id,
    runId: session.runId,
    effectiveSeconds: Math.floor(presence.effectiveSeconds),
    thresholdMinutes: session.thresholdMinutes,
    rule,
    ruleVersion: version,
    recordedAt,
    voidedAt: null,
    voidedBy: null,
    voidReason: null,
  };
}

/** The rule that turns what a method knows into attendance. */
function ruleOf(method: AttendanceMethod): AttendanceRule {
  if (method === 'live-presence') return LIVE_PRESENCE;
  return method === 'replay' ? REPLAY : SIGN_IN;
}

/**
 * Judges again, in the order they happened, what was refused because of an attendance that has been voided or ended
 * earlier: the person may have been there after all. What clashes with another attendance stays refused, because of that.
 */
export async function retryRefused(tx: Transaction, clock: Clock, attendanceId: string): Promise<void> {
  for (const refusal of await listRefusalsBecauseOf(tx, attendanceId)) {
    const session = await findSession(tx, refusal.sessionId);
    const { personId, method, recordedBy, effectiveSeconds, occurredAt, presentFrom, presentUntil } = refusal;
    const presence = {
      personId,
      method,
      recordedBy,
      effectiveSeconds,
      occurredAt,
      presentFrom,
      presentUntil,
    };
    if (session) await recordAttendances(tx, clock, session, [presence]);
  }
}
