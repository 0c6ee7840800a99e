import { emit, emitAll } from '../platform/outbox/emit.ts';
import type { Transaction } from '../platform/database/open.ts';

/** What indicators must know of a run. */
export interface RunFacts {
  runId: string;
  regionCode: string;
  level: string;
  requiredSessions: number;
  programmeIds: string[];
}

/** The fact that a person attended a session; ids only. Instants are ISO text. */
export interface AttendanceFacts {
  attendanceId: string;
  sessionId: string;
  runId: string;
  personId: string;
  method: string;
  occurredAt: string;
  recordedAt: string;
}

/** The fact that an attendee judged a run: `overall` 5 很满意 … 1 很不满意. */
export interface AnswerFacts {
  answerId: string;
  runId: string;
  personId: string;
  overall: number;
  method: string;
  occurredAt: string;
  recordedAt: string;
}

/** Training's news, by the type under which it stands in the outbox. */
export interface TrainingNews {
  'training.run-changed': RunFacts;
  'training.attendance-recorded': AttendanceFacts;
  'training.attendance-voided': { attendanceId: string; voidedAt: string };
  'training.survey-answered': AnswerFacts;
}

/** Tells training's news in the transaction of its fact. */
export function tell<Type extends keyof TrainingNews>(
  tx: Transaction,
  type: Type,
  payload: TrainingNews[Type],
  recordedAt: string,
): Promise<void> {
  return emit(tx, { type, payload }, recordedAt);
}

/** As {@link tell}, for many facts of one kind. */
export function tellAll<Type extends keyof TrainingNews>(
  tx: Transaction,
  type: Type,
  payloads: TrainingNews[Type][],
  recordedAt: string,
): Promise<void> {
  return emitAll(
    tx,
    payloads.map((payload) => ({ type, payload })),
    recordedAt,
  );
}
