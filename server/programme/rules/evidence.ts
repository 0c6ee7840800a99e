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

/** Two persons held to be one, from when and until when. */
export interface MergeRow {
  mergeId: string;
  personId: string;
  intoPersonId: string;
  mergedAt: string;
  undoneAt: string | null;
}

/**
 * The evidence with every person as the one they are held to be: as known before `beforeIso`, or now. Whoever is
 * verified under one of their entries is verified. Nobody is merged into a merged person (identity), so one step suffices.
 */
export function resolvePersons(
  evidence: Evidence,
  merges: readonly MergeRow[],
  beforeIso: string | null,
): Evidence {
  const standing = standingFacts(
    merges.map((merge) => ({
      ...{ ...merge, occurredAt: merge.mergedAt },
      ...{ recordedAt: merge.mergedAt, voidedAt: merge.undoneAt },
    })),
    beforeIso,
  );
  const intoOf = new Map(standing.map((merge) => [merge.personId, merge.intoPersonId]));
  if (intoOf.size === 0) return evidence;
  const resolve = (personId: string) => intoOf.get(personId) ?? personId;
  const verifiedAt = new Map<string, string>();
  for (const [personId, at] of evidence.verifiedAt) {
    const earlier = verifiedAt.get(resolve(personId));
    if (earlier === undefined || at < earlier) verifiedAt.set(resolve(personId), at);
  }
  return {
    ...evidence,
    attendances: evidence.attendances.map((row) => ({ ...row, personId: resolve(row.personId) })),
    answers: evidence.answers.map((row) => ({ ...row, personId: resolve(row.personId) })),
    verifiedAt,
  };
}
