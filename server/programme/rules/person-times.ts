import { shanghaiDay } from '../../platform/clock.ts';
import { standingFacts, type AttendanceRow, type Evidence } from './evidence.ts';

/** A run's person-time (人次): one person who attended one run as its rule asks. */
export interface PersonTime {
  runId: string;
  personId: string;
  regionCode: string;
  /** The county that holds the run. */
  countyCode: string;
  level: string;
  /** When the last session that was required had been attended. */
  occurredAt: string;
  /** When the hub had learnt enough. */
  recordedAt: string;
  /** The person's identity was verified. */
  verified: boolean;
  inPeriod: boolean;
  attendances: AttendanceRow[];
}

/** Calendar days in Asia/Shanghai, both included. */
export interface Period {
  startsOn: string;
  endsOn: string;
}

const COUNTY_DIGITS = 6;

/** The county a place lies in: the first six digits of its code (GB/T 2260). */
export function countyOf(regionCode: string): string {
  return regionCode.slice(0, COUNTY_DIGITS);
}

/** True when the instant's day in Asia/Shanghai lies in the period. */
export function isInPeriod(occurredAt: string, { startsOn, endsOn }: Period): boolean {
  const day = shanghaiDay(Date.parse(occurredAt));
  return startsOn <= day && day <= endsOn;
}

/**
 * `training-person-times` v1. 人次 = distinct person × run with valid attendance by the run's rule: standing attendances
 * in at least `requiredSessions` distinct sessions; a five-day class counts once a person. It happened when the last
 * required session was attended, and lies in the period when that day does. Unverified persons count and are also
 * shown apart. Source: D36 二(二) asks for 培训人次 per county and defines no unit; this one is ours.
 */
export function listPersonTimes(evidence: Evidence, period: Period, beforeIso: string | null): PersonTime[] {
  const standing = standingFacts(evidence.attendances, beforeIso);
  const byPersonAndRun = Map.groupBy(standing, (row) => `${row.runId} ${row.personId}`);
  return [...byPersonAndRun.values()].flatMap((rows) => {
    const run = evidence.runs.get(rows[0]!.runId);
    if (!run) return [];
    const firsts = firstPerSession(rows);
    const deciding = firsts[run.requiredSessions - 1];
    if (!deciding) return [];
    const { runId, personId } = deciding;
    const verifiedAt = evidence.verifiedAt.get(personId);
    return {
      runId,
      personId,
      regionCode: run.regionCode,
      countyCode: countyOf(run.regionCode),
      level: run.level,
      occurredAt: deciding.occurredAt,
      recordedAt: latest(firsts.slice(0, run.requiredSessions)),
      verified: verifiedAt !== undefined && (beforeIso === null || verifiedAt < beforeIso),
      inPeriod: isInPeriod(deciding.occurredAt, period),
      attendances: firsts,
    };
  });
}

/** One attendance a session, in the order they happened; ties by id, so that the answer never depends on row order. */
function firstPerSession(rows: AttendanceRow[]): AttendanceRow[] {
  const inOrder = rows.toSorted(
    (a, b) => a.occurredAt.localeCompare(b.occurredAt) || a.attendanceId.localeCompare(b.attendanceId),
  );
  return inOrder.filter(
    (row, index) => inOrder.findIndex((other) => other.sessionId === row.sessionId) === index,
  );
}

function latest(rows: AttendanceRow[]): string {
  return rows.reduce((last, row) => (row.recordedAt > last ? row.recordedAt : last), '');
}
