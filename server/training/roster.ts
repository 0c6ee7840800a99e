import type { Caller } from '../platform/access/actor.ts';
import { ensureMay } from '../platform/access/decide.ts';
import type { Database } from '../platform/database/open.ts';
import { pageOf, type Page } from '../platform/http/paging.ts';
import type { BroadcastDesk, MaskedPerson, PeopleDesk } from './ports.ts';
import { isAttendee } from './rules.ts';
import { circumstancesOf, requireRun } from './runs.ts';
import {
  listAttendancesOf,
  listRefusalsOf,
  type AttendanceRow,
  type RefusalRow,
} from './store/attendances.ts';
import { countActiveEnrolments, listActiveEnrolments, type EnrolmentRow } from './store/enrolments.ts';
import { listSessionsOfRuns, type SessionRow } from './store/runs.ts';

const PAGE_SIZE = 50;

/** One person's attendance of one session, with what was measured and the rule that decided. */
export interface RosterMark {
  sessionId: string;
  state: 'attended' | 'voided' | 'refused' | 'below-threshold' | 'absent';
  effectiveMinutes: number;
  thresholdMinutes: number;
  rule: string | null;
  ruleVersion: number | null;
  occurredAt: string | null;
  attendanceId: string | null;
  voidReason: string | null;
}

/** A line of the roster; the person is masked. `counted`: the run counts them. */
export interface RosterLine {
  personId: string;
  person: MaskedPerson | null;
  method: EnrolmentRow['method'];
  enrolledAt: string;
  counted: boolean;
  marks: RosterMark[];
}

interface RosterParts {
  db: Database;
  broadcasts: BroadcastDesk;
  people: PeopleDesk;
}

/** Who is enrolled in a run and what they attended. */
export function openRoster({ db, broadcasts, people }: RosterParts) {
  return {
    /** A page of the roster in the order people enrolled. */
    async readRoster(caller: Caller, runId: string, page: number): Promise<Page<RosterLine>> {
      const run = await requireRun(db, runId);
      ensureMay(caller, 'run.roster', circumstancesOf(run, caller));
      const enrolments = await listActiveEnrolments(db, runId, {
        limit: PAGE_SIZE,
        offset: (page - 1) * PAGE_SIZE,
      });
      const ids = enrolments.map((row) => row.personId);
      const sessions = await listSessionsOfRuns(db, [runId]);
      const [total, attendances, refusals, persons, seconds] = await Promise.all([
        countActiveEnrolments(db, [runId]),
        listAttendancesOf(db, runId, ids),
        listRefusalsOf(
          db,
          sessions.map((session) => session.id),
          ids,
        ),
        people.describePersons(ids),
        measuredBySession(sessions, ids, broadcasts),
      ]);
      const lines = enrolments.map(({ personId, method, enrolledAt }): RosterLine => {
        const marks = sessions.map((session) =>
          markOf(
            session,
            attendances.filter((row) => row.personId === personId && row.sessionId === session.id),
            refusals.find((row) => row.personId === personId && row.sessionId === session.id),
            seconds.get(session.id)?.get(personId) ?? 0,
          ),
        );
        const attended = marks.filter((mark) => mark.state === 'attended').length;
        return {
          personId,
          person: persons.get(personId) ?? null,
          method,
          enrolledAt,
          counted: isAttendee(attended, run.requiredSessions),
          marks,
        };
      });
      return pageOf(lines, page, PAGE_SIZE, total.get(runId) ?? 0);
    },
  };
}

async function measuredBySession(
  sessions: SessionRow[],
  personIds: string[],
  broadcasts: BroadcastDesk,
): Promise<Map<string, ReadonlyMap<string, number>>> {
  const linked = sessions.filter((session) => session.broadcastId !== null);
  return new Map(
    await Promise.all(
      linked.map(
        async (session) =>
          [session.id, await broadcasts.effectiveSecondsByPerson(session.broadcastId!, personIds)] as const,
      ),
    ),
  );
}

function markOf(
  session: SessionRow,
  attendances: AttendanceRow[],
  refusal: RefusalRow | undefined,
  measuredSeconds: number,
): RosterMark {
  const fact = attendances.find((row) => !row.voidedAt) ?? attendances[0];
  const seconds = Math.max(measuredSeconds, fact?.effectiveSeconds ?? 0, refusal?.effectiveSeconds ?? 0);
  return {
    sessionId: session.id,
    state: stateOf(fact, refusal, seconds),
    effectiveMinutes: Math.floor(seconds / 60),
    thresholdMinutes: fact?.thresholdMinutes ?? session.thresholdMinutes,
    rule: fact?.rule ?? null,
    ruleVersion: fact?.ruleVersion ?? null,
    occurredAt: fact?.occurredAt ?? null,
    attendanceId: fact?.id ?? null,
    voidReason: fact?.voidReason ?? null,
  };
}

function stateOf(
  fact: AttendanceRow | undefined,
  refusal: RefusalRow | undefined,
  seconds: number,
): RosterMark['state'] {
  if (fact) return fact.voidedAt ? 'voided' : 'attended';
  if (refusal) return 'refused';
  return seconds > 0 ? 'below-threshold' : 'absent';
}
