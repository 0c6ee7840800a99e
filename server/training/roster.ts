import type { Caller } from '../platform/access/actor.ts';
import { ensureMay } from '../platform/access/decide.ts';
import type { Database } from '../platform/database/open.ts';
import type { Vault } from '../platform/vault.ts';
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
import { listFlagsOf, listSigningsOf, type SigningRow } from './store/signings.ts';
import { openAssist, type Assist } from './sign-in/assist.ts';
import { beganLater, flagsOf, type FlagView } from './sign-in/flags.ts';
import { presenceBySignatures } from './sign-in/rules.ts';

const PAGE_SIZE = 50;

/** One person's attendance of one session, with what was measured and the rule that decided. */
export interface RosterMark {
  sessionId: string;
  state: 'attended' | 'voided' | 'refused' | 'awaits-sign-out' | 'below-threshold' | 'absent';
  method: AttendanceRow['method'] | null;
  effectiveMinutes: number;
  thresholdMinutes: number;
  rule: string | null;
  ruleVersion: number | null;
  occurredAt: string | null;
  attendanceId: string | null;
  voidReason: string | null;
  signedInAt: string | null;
  signedOutAt: string | null;
  /** The signature was written from a photographed sheet: its evidence. */
  sheetPhotoId: string | null;
  /** Who helped someone who could not sign, who saw it (masked) and why. */
  assist: Assist | null;
  /** What is odd about it without making it impossible. */
  flags: FlagView[];
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
  vault: Vault;
  broadcasts: BroadcastDesk;
  people: PeopleDesk;
}

/** Who is enrolled in a run and what they attended. */
export function openRoster({ db, vault, broadcasts, people }: RosterParts) {
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
      const sessionIds = sessions.map((session) => session.id);
      const [total, attendances, refusals, persons, seconds, signings, flags, categories] = await Promise.all(
        [
          countActiveEnrolments(db, [runId]),
          listAttendancesOf(db, runId, ids),
          listRefusalsOf(db, sessionIds, ids),
          people.describePersons(ids),
          measuredBySession(sessions, ids, broadcasts),
          listSigningsOf(db, sessionIds, ids),
          listFlagsOf(db, sessionIds, ids),
          people.audiencesOf(ids),
        ],
      );
      const lines = enrolments.map(({ personId, method, enrolledAt }): RosterLine => {
        const marks = sessions.map((session) => {
          const here = (row: { personId: string; sessionId: string }) =>
            row.personId === personId && row.sessionId === session.id;
          return markOf(vault, session, {
            attendances: attendances.filter(here),
            refusal: refusals.find(here),
            signings: signings.filter(here),
            flags: flagsOf(
              flags.filter(here),
              beganLater(run.audiences, categories.get(personId) ?? [], session.startsAt),
            ),
            measuredSeconds: seconds.get(session.id)?.get(personId) ?? 0,
          });
        });
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

/** What is known of one person and one session. */
interface Known {
  attendances: AttendanceRow[];
  refusal: RefusalRow | undefined;
  signings: SigningRow[];
  flags: FlagView[];
  measuredSeconds: number;
}

function markOf(vault: Vault, session: SessionRow, known: Known): RosterMark {
  const { attendances, refusal, signings, measuredSeconds } = known;
  const fact = attendances.find((row) => !row.voidedAt) ?? attendances[0];
  const signedIn = signings.find((row) => row.kind === 'in');
  const signedOut = signings.find((row) => row.kind === 'out');
  const signedSeconds = secondsSigned(session, signedIn, signedOut);
  const claimed = signedSeconds ?? Math.max(fact?.effectiveSeconds ?? 0, refusal?.effectiveSeconds ?? 0);
  const seconds = Math.max(measuredSeconds, claimed);
  const waits = session.asksSignOut && signedIn !== undefined && signedOut === undefined;
  return {
    sessionId: session.id,
    state: stateOf(fact, refusal, seconds, waits),
    method: fact?.method ?? refusal?.method ?? signedIn?.method ?? null,
    effectiveMinutes: Math.floor(seconds / 60),
    thresholdMinutes: fact?.thresholdMinutes ?? session.thresholdMinutes,
    rule: fact?.rule ?? null,
    ruleVersion: fact?.ruleVersion ?? null,
    occurredAt: fact?.occurredAt ?? null,
    attendanceId: fact?.id ?? null,
    voidReason: fact?.voidReason ?? null,
    signedInAt: signedIn?.signedAt ?? null,
    signedOutAt: signedOut?.signedAt ?? null,
    sheetPhotoId: signedIn?.sheetPhotoId ?? null,
    assist: signedIn?.assistSealed ? openAssist(vault, signedIn.assistSealed) : null,
    flags: known.flags,
  };
}

/** Undefined for whoever did not sign; none while a sign-out is still awaited. */
function secondsSigned(
  session: SessionRow,
  signedIn: SigningRow | undefined,
  signedOut: SigningRow | undefined,
): number | undefined {
  if (!signedIn) return undefined;
  if (session.asksSignOut && !signedOut) return 0;
  return presenceBySignatures(session, signedIn.signedAt, signedOut?.signedAt).effectiveSeconds;
}

function stateOf(
  fact: AttendanceRow | undefined,
  refusal: RefusalRow | undefined,
  seconds: number,
  waits: boolean,
): RosterMark['state'] {
  if (fact) return fact.voidedAt ? 'voided' : 'attended';
  if (refusal) return 'refused';
  if (waits) return 'awaits-sign-out';
  return seconds > 0 ? 'below-threshold' : 'absent';
}
