import { standingFacts, type AnswerRow, type Evidence } from './evidence.ts';
import type { PersonTime } from './person-times.ts';

/** A valid answer with the person-time it judges; the answer counts where and when the person-time does. */
export interface ValidAnswer {
  answer: AnswerRow;
  of: PersonTime;
}

const SATISFIED_FROM = 4;

/** True for 很满意 (5) and 满意 (4). */
export function isSatisfied(overall: number): boolean {
  return overall >= SATISFIED_FROM;
}

/**
 * `training-satisfaction` v1. 满意度 = (很满意 + 满意) / valid answers; an answer is valid when it stands and its writer is a
 * person-time of the run: one answer per attendee per run (the earliest, should there be more). Shown with answers over
 * attendees. Source: D36 二(二), L 四(三), M19 附件1, Q 附件2 ask for 满意度 and define no formula; this one is ours.
 */
export function listValidAnswers(
  evidence: Evidence,
  personTimes: readonly PersonTime[],
  beforeIso: string | null,
): ValidAnswer[] {
  const attendees = new Map(personTimes.map((one) => [`${one.runId} ${one.personId}`, one]));
  const standing = standingFacts(evidence.answers, beforeIso).toSorted(
    (a, b) => a.occurredAt.localeCompare(b.occurredAt) || a.answerId.localeCompare(b.answerId),
  );
  const valid = new Map<string, ValidAnswer>();
  for (const answer of standing) {
    const key = `${answer.runId} ${answer.personId}`;
    const of = attendees.get(key);
    if (of && !valid.has(key)) valid.set(key, { answer, of });
  }
  return [...valid.values()];
}
