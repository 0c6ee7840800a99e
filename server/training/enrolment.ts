import type { Actor, Caller } from '../platform/access/actor.ts';
import { actorWhoMay } from '../platform/access/decide.ts';
import { audit } from '../platform/audit.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/open.ts';
import { fieldError, HubError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { countMeasuredSoFar } from './count-measured.ts';
import type { BroadcastDesk, PeopleDesk } from './ports.ts';
import { circumstancesOf, requireRun } from './runs.ts';
import { listAttendancesOf } from './store/attendances.ts';
import {
  countActiveEnrolments,
  findActiveEnrolment,
  insertEnrolment,
  setEnrolmentCancelled,
  type EnrolmentRow,
} from './store/enrolments.ts';

/** An enrolment as the person, or whoever enrolled them, sees it. */
export interface Enrolment {
  id: string;
  runId: string;
  method: EnrolmentRow['method'];
  enrolledAt: string;
}

interface EnrolmentParts {
  db: Database;
  clock: Clock;
  broadcasts: BroadcastDesk;
  people: PeopleDesk;
}

/** Who takes part in a run. Places are counted and taken in one transaction, so there is never one too many. */
export function openEnrolment({ db, clock, broadcasts, people }: EnrolmentParts) {
  function enrolPerson(
    actor: Actor,
    runId: string,
    personId: string,
    how: { method: EnrolmentRow['method']; reason?: string },
  ): Promise<Enrolment> {
    return db.transaction(async (tx) => {
      const run = await requireRun(tx, runId);
      const standing = await findActiveEnrolment(tx, runId, personId);
      if (standing) return asEnrolment(standing);
      if (run.state !== 'open') throw new HubError('enrolment.closed');
      const taken = (await countActiveEnrolments(tx, [runId])).get(runId) ?? 0;
      if (taken >= run.capacity) throw new HubError('enrolment.full', { params: { capacity: run.capacity } });
      const row: EnrolmentRow = {
        id: newId<'enrolment'>(),
        runId,
        personId,
        method: how.method,
        recordedBy: actor.accountId,
        assistedReason: how.reason ?? null,
        enrolledAt: instant(clock.now()),
        cancelledAt: null,
      };
      await insertEnrolment(tx, row);
      await countMeasuredSoFar(tx, { clock, broadcasts }, runId, [personId]);
      if (how.method === 'assisted')
        await audit(tx, clock, {
          actorAccountId: actor.accountId,
          action: 'run.enrol-assisted',
          objectKind: 'enrolment',
          objectId: row.id,
          regionCode: run.regionCode,
          reason: how.reason,
        });
      return asEnrolment(row);
    });
  }

  return {
    /** Enrols the caller. Enrolled already, the standing enrolment is answered. */
    async enrol(caller: Caller, runId: string): Promise<Enrolment> {
      const actor = actorWhoMay(caller, 'run.enrol');
      return enrolPerson(actor, runId, actor.personId, { method: 'self' });
    },

    /** Enrols someone who does not do it alone; `reason` says why (cannot read, has no phone). */
    async enrolAssisted(
      caller: Caller,
      runId: string,
      input: { personId: string; reason: string },
    ): Promise<Enrolment> {
      const run = await requireRun(db, runId);
      const actor = actorWhoMay(caller, 'run.enrol-assisted', circumstancesOf(run, caller));
      if (!(await people.describePersons([input.personId])).has(input.personId))
        throw fieldError('personId', 'unknown', 'There is no such person');
      return enrolPerson(actor, runId, input.personId, { method: 'assisted', reason: input.reason });
    },

    /** Gives the caller's place back; not enrolled, nothing happens. Who has attended stays enrolled. */
    async cancel(caller: Caller, runId: string): Promise<void> {
      const actor = actorWhoMay(caller, 'run.enrol');
      await db.transaction(async (tx) => {
        await requireRun(tx, runId);
        const standing = await findActiveEnrolment(tx, runId, actor.personId);
        if (!standing) return;
        const attended = await listAttendancesOf(tx, runId, [actor.personId]);
        if (attended.some((attendance) => attendance.voidedAt === null))
          throw new HubError('enrolment.attended');
        await setEnrolmentCancelled(tx, standing.id, instant(clock.now()));
      });
    },
  };
}

function asEnrolment({ id, runId, method, enrolledAt }: EnrolmentRow): Enrolment {
  return { id, runId, method, enrolledAt };
}
