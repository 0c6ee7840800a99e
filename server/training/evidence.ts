import type { Database, Reader } from '../platform/database/open.ts';
import type { AnswerFacts, AttendanceFacts, RunFacts } from './events.ts';
import { listAllAttendances } from './store/attendances.ts';
import {
  findSessionOfBroadcast,
  listAllRuns,
  listProgrammesOfRuns,
  listRunsById,
  listSessionsOfRuns,
} from './store/runs.ts';
import { findActiveEnrolment } from './store/enrolments.ts';
import { listAllAnswers } from './store/surveys.ts';

/** Every fact of training that indicators are made from, as it stands: what a recompute compares with. */
export interface TrainingFacts {
  runs: RunFacts[];
  attendances: (AttendanceFacts & { voidedAt: string | null })[];
  answers: (AnswerFacts & { voidedAt: string | null })[];
}

/** What a page of evidence says about a run. */
export interface RunCaption {
  runId: string;
  title: string;
  regionCode: string;
  form: string;
  sessions: { id: string; title: string; startsAt: string }[];
}

/** What the rooms around training ask of it. No permission: they are not people. */
export function openEvidence(db: Database) {
  return {
    /** All facts, read in the given transaction. */
    async readFacts(reader: Reader): Promise<TrainingFacts> {
      const rows = await listAllRuns(reader);
      const links = await listProgrammesOfRuns(reader);
      const programmesByRun = Map.groupBy(links, (link) => link.runId);
      return {
        runs: rows.map((run) => ({
          runId: run.id,
          regionCode: run.regionCode,
          level: run.level,
          requiredSessions: run.requiredSessions,
          programmeIds: (programmesByRun.get(run.id) ?? []).map((link) => link.programmeId),
        })),
        attendances: (await listAllAttendances(reader)).map((row) => ({
          attendanceId: row.id,
          sessionId: row.sessionId,
          runId: row.runId,
          personId: row.personId,
          method: row.method,
          occurredAt: row.occurredAt,
          recordedAt: row.recordedAt,
          voidedAt: row.voidedAt,
        })),
        answers: (await listAllAnswers(reader)).map((row) => ({
          answerId: row.id,
          runId: row.runId,
          personId: row.personId,
          overall: row.overall,
          method: row.method,
          occurredAt: row.occurredAt,
          recordedAt: row.recordedAt,
          voidedAt: row.voidedAt,
        })),
      };
    },

    /** Captions of runs by id. */
    async captionRuns(ids: string[]): Promise<Map<string, RunCaption>> {
      const [rows, sessions] = await Promise.all([listRunsById(db, ids), listSessionsOfRuns(db, ids)]);
      return new Map(
        rows.map((run) => [
          run.id,
          {
            runId: run.id,
            title: run.title,
            regionCode: run.regionCode,
            form: run.form,
            sessions: sessions
              .filter((session) => session.runId === run.id)
              .map(({ id, title, startsAt }) => ({ id, title, startsAt })),
          },
        ]),
      );
    },

    /** Effective minutes of presence from which a broadcast's viewer has attended; undefined when nothing links it. */
    async thresholdMinutesFor(broadcastId: string): Promise<number | undefined> {
      return (await findSessionOfBroadcast(db, broadcastId))?.thresholdMinutes;
    },

    /** True when the person is enrolled in the run whose session the broadcast is. */
    async isMember(broadcastId: string, personId: string): Promise<boolean> {
      const session = await findSessionOfBroadcast(db, broadcastId);
      return session !== undefined && (await findActiveEnrolment(db, session.runId, personId)) !== undefined;
    },
  };
}
