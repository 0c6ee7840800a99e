import type { Caller } from '../../platform/access/actor.ts';
import { ensureMay, may } from '../../platform/access/decide.ts';
import type { Database } from '../../platform/database/open.ts';
import { HubError } from '../../platform/errors.ts';
import { pageOf, type Page } from '../../platform/http/paging.ts';
import type { MaskedPerson, PeopleDesk } from '../ports.ts';
import { circumstancesOf, requireRun } from '../runs.ts';
import { listAttendancesIn } from '../store/attendances.ts';
import { countActiveEnrolments, listActiveEnrolments } from '../store/enrolments.ts';
import { findSession } from '../store/runs.ts';
import { listFlagsOf, listSigningsIn, type SigningRow } from '../store/signings.ts';
import { beganLater, flagsOf, type FlagView } from './flags.ts';

const PAGE_SIZE = 100;

/** One person on the roll of a session. Instants are ISO text. */
export interface RollLine {
  personId: string;
  person: MaskedPerson | null;
  signedInAt: string | null;
  signedOutAt: string | null;
  method: SigningRow['method'] | null;
  attended: boolean;
  /** With which it can be taken back. */
  attendanceId: string | null;
  flags: FlagView[];
}

/** A page of a session's roll. */
export interface Roll extends Page<RollLine> {
  session: { id: string; runId: string; title: string; startsAt: string; endsAt: string };
  runTitle: string;
  /** May the caller mark people, or only sign for those who cannot. */
  mayMark: boolean;
}

/** The roll of a session: who is enrolled and who has signed, in the order people enrolled. */
export function openRoll({ db, people }: { db: Database; people: PeopleDesk }) {
  return {
    async readRoll(caller: Caller, sessionId: string, page: number): Promise<Roll> {
      const session = await findSession(db, sessionId);
      if (!session) throw new HubError('not-found');
      const run = await requireRun(db, session.runId);
      const about = circumstancesOf(run, caller);
      ensureMay(caller, 'attendance.assist', about);
      const slice = { limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE };
      const ids = (await listActiveEnrolments(db, run.id, slice)).map((row) => row.personId);
      const [total, persons, signings, attendances, flags, categories] = await Promise.all([
        countActiveEnrolments(db, [run.id]),
        people.describePersons(ids),
        listSigningsIn(db, sessionId, ids),
        listAttendancesIn(db, sessionId, ids),
        listFlagsOf(db, [sessionId], ids),
        people.audiencesOf(ids),
      ]);
      const lines = ids.map((personId): RollLine => {
        const own = signings.filter((row) => row.personId === personId);
        const signedIn = own.find((row) => row.kind === 'in');
        const standing = attendances.find((row) => row.personId === personId && row.voidedAt === null);
        return {
          personId,
          person: persons.get(personId) ?? null,
          signedInAt: signedIn?.signedAt ?? null,
          signedOutAt: own.find((row) => row.kind === 'out')?.signedAt ?? null,
          method: signedIn?.method ?? standing?.method ?? null,
          attended: standing !== undefined,
          attendanceId: standing?.id ?? null,
          flags: flagsOf(
            flags.filter((flag) => flag.personId === personId),
            beganLater(run.audiences, categories.get(personId) ?? [], session.startsAt),
          ),
        };
      });
      const { id, runId, title, startsAt, endsAt } = session;
      return {
        ...pageOf(lines, page, PAGE_SIZE, total.get(run.id) ?? 0),
        session: { id, runId, title, startsAt, endsAt },
        runTitle: run.title,
        mayMark: may(caller, 'attendance.take', about),
      };
    },
  };
}
