import type { Database, Reader } from '../platform/database/open.ts';
import type { AnswerFacts, AttendanceFacts, RunFacts } from './events.ts';
import { listBroadcastIdsOf } from './store/memberships.ts';
import {
  listAttendancesById,
  listAttendancesInRange,
  listAttendersOfRun,
  type AttendanceRow,
} from './store/attendances.ts';
import {
  findSessionOfBroadcast,
  listProgrammesOfRuns,
  listRunsById,
  listRunsUnder,
  listSessionsOfRuns,
} from './store/runs.ts';
import { findActiveEnrolment } from './store/enrolments.ts';
import { listAnswersById, listAnswersInRange, type AnswerRow } from './store/surveys.ts';

/** An attendance as it stands. */
export type StandingAttendance = AttendanceFacts & { voidedAt: string | null };
/** An answer as it stands. */
export type StandingAnswer = AnswerFacts & { voidedAt: string | null };

/** The facts of some persons of a run; `last` is the id after which the next slice begins, undefined at the end. */
export interface FactSlice {
  attendances: StandingAttendance[];
  answers: StandingAnswer[];
  last: string | undefined;
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
    /** The runs held under these region prefixes. */
    listRunFacts: (prefixes: string[]): Promise<RunFacts[]> => runFacts(db, { prefixes }),

    /** Runs by id, in the given transaction. */
    runFactsById: (ids: string[], reader: Reader): Promise<RunFacts[]> => runFacts(reader, { ids }),

    /** The facts of a run's next persons after `after`, by id. */
    async readFactSlice(runId: string, after: string, persons: number): Promise<FactSlice> {
      const ids = await listAttendersOfRun(db, runId, after, persons);
      const last = ids.length < persons ? undefined : ids.at(-1);
      const range = { runId, after, last };
      return {
        attendances: (await listAttendancesInRange(db, range)).map(asAttendance),
        answers: (await listAnswersInRange(db, range)).map(asAnswer),
        last,
      };
    },

    /** Attendances by id, in the given transaction. */
    attendanceFactsById: async (ids: string[], reader: Reader): Promise<StandingAttendance[]> =>
      (await listAttendancesById(reader, ids)).map(asAttendance),

    /** Answers by id, in the given transaction. */
    answerFactsById: async (ids: string[], reader: Reader): Promise<StandingAnswer[]> =>
      (await listAnswersById(reader, ids)).map(asAnswer),

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

    /** The ids of the broadcasts of all runs a person is enrolled in. */
    broadcastIdsOf: (personId: string): Promise<string[]> => listBroadcastIdsOf(db, personId),

    /** True when the person is enrolled in the run whose session the broadcast is. */
    async isMember(broadcastId: string, personId: string): Promise<boolean> {
      const session = await findSessionOfBroadcast(db, broadcastId);
      return session !== undefined && (await findActiveEnrolment(db, session.runId, personId)) !== undefined;
    },
  };
}

async function runFacts(
  reader: Reader,
  which: { prefixes: string[] } | { ids: string[] },
): Promise<RunFacts[]> {
  const rows =
    'ids' in which ? await listRunsById(reader, which.ids) : await listRunsUnder(reader, which.prefixes);
  const links = await listProgrammesOfRuns(
    reader,
    rows.map((run) => run.id),
  );
  const programmesByRun = Map.groupBy(links, (link) => link.runId);
  return rows.map((run) => ({
    runId: run.id,
    regionCode: run.regionCode,
    level: run.level,
    requiredSessions: run.requiredSessions,
    programmeIds: (programmesByRun.get(run.id) ?? []).map((link) => link.programmeId),
  }));
}

function asAttendance(row: AttendanceRow): StandingAttendance {
  const { id, sessionId, runId, personId, method, occurredAt, recordedAt, voidedAt } = row;
  return { attendanceId: id, sessionId, runId, personId, method, occurredAt, recordedAt, voidedAt };
}

function asAnswer(row: AnswerRow): StandingAnswer {
  const { id, runId, personId, overall, method, occurredAt, recordedAt, voidedAt } = row;
  return { answerId: id, runId, personId, overall, method, occurredAt, recordedAt, voidedAt };
}
