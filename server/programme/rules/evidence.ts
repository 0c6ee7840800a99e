/** What the rules must know of a run. */
export interface RunRow {
  runId: string;
  regionCode: string;
  level: string;
  requiredSessions: number;
  programmeIds: string[];
}

/** A fact with when it was true, when the hub learnt it, and when it was voided, if it was. ISO text in UTC. */
interface Fact {
  occurredAt: string;
  recordedAt: string;
  voidedAt: string | null;
}

export interface AttendanceRow extends Fact {
  attendanceId: string;
  sessionId: string;
  runId: string;
  personId: string;
  method: string;
}

export interface AnswerRow extends Fact {
  answerId: string;
  runId: string;
  personId: string;
  /** 5 很满意 … 1 很不满意 */
  overall: number;
  method: string;
}

/** Everything the figures of some counties are made from. */
export interface Evidence {
  runs: ReadonlyMap<string, RunRow>;
  attendances: readonly AttendanceRow[];
  answers: readonly AnswerRow[];
  /** When a person's identity was verified, by person. */
  verifiedAt: ReadonlyMap<string, string>;
}

/** Facts that were known, and not yet voided, before `beforeIso`; all standing facts without it. */
export function standingFacts<Row extends Fact>(rows: readonly Row[], beforeIso: string | null): Row[] {
  if (beforeIso === null) return rows.filter((row) => row.voidedAt === null);
  return rows.filter(
    (row) => row.recordedAt < beforeIso && (row.voidedAt === null || row.voidedAt >= beforeIso),
  );
}
