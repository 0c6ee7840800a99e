import { z } from 'zod';
import type { Caller } from '../platform/access/actor.ts';
import { actorWhoMay } from '../platform/access/decide.ts';
import { audit } from '../platform/audit.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Database, Transaction } from '../platform/database/open.ts';
import { fieldError, HubError } from '../platform/errors.ts';
import type { Consumer } from '../platform/outbox/consumer.ts';
import { tell } from './events.ts';
import type { BroadcastDesk, LinkedBroadcast } from './ports.ts';
import { recordAttendance, retryRefused } from './record-attendance.ts';
import { circumstancesOf, requireRun } from './runs.ts';
import { findAttendance, setAttendanceVoided } from './store/attendances.ts';
import { listActiveEnrolments } from './store/enrolments.ts';
import { setSigningsVoided } from './store/signings.ts';
import { findSession, findSessionOfBroadcast, setSessionBroadcast, type SessionRow } from './store/runs.ts';
import { viewRunFor, type RunPage, type RunShelf } from './view-run.ts';

/** `broadcasts.presence-reached`: someone's effective presence reached the threshold the broadcast was asked to watch. */
const presenceReached = z.object({
  broadcastId: z.string(),
  personId: z.string(),
  effectiveSeconds: z.number(),
  at: z.string(),
});

interface AttendanceParts {
  db: Database;
  clock: Clock;
  broadcasts: BroadcastDesk;
  shelf: RunShelf;
}

/** The link between sessions and broadcasts, and the attendance that follows from it. */
export function openAttendance({ db, clock, broadcasts, shelf }: AttendanceParts) {
  async function requireBroadcast(broadcastId: string): Promise<LinkedBroadcast> {
    const broadcast = (await broadcasts.broadcastsById([broadcastId])).get(broadcastId);
    if (!broadcast) throw fieldError('broadcastId', 'unknown', 'There is no such broadcast');
    return broadcast;
  }

  /** Counts what was measured before the link: for those who were enrolled while the class was on. */
  async function countMeasured(
    tx: Transaction,
    session: SessionRow,
    broadcast: LinkedBroadcast,
  ): Promise<void> {
    const enrolments = await listActiveEnrolments(tx, session.runId);
    const seconds = await broadcasts.effectiveSecondsByPerson(
      broadcast.id,
      enrolments.map((enrolment) => enrolment.personId),
    );
    const occurredAt = broadcast.endedAt ?? instant(clock.now());
    for (const enrolment of enrolments) {
      const effectiveSeconds = seconds.get(enrolment.personId) ?? 0;
      if (enrolment.enrolledAt > occurredAt) continue;
      await recordAttendance(tx, clock, session, {
        personId: enrolment.personId,
        effectiveSeconds,
        occurredAt,
      });
    }
  }

  /** Turns measured presence into attendance, in the order it was reached. */
  const presenceConsumer: Consumer = {
    name: 'training.attendance',
    types: ['broadcasts.presence-reached'],
    async apply(tx, event) {
      const { broadcastId, personId, effectiveSeconds, at } = presenceReached.parse(event.payload);
      const session = await findSessionOfBroadcast(tx, broadcastId);
      if (session) await recordAttendance(tx, clock, session, { personId, effectiveSeconds, occurredAt: at });
    },
  };

  return {
    presenceConsumer,

    /**
     * Links a session to a class broadcast of the same trainer, one to one, and counts what was measured before.
     * Throws `session.linked` when either has another partner.
     */
    async linkBroadcast(caller: Caller, sessionId: string, broadcastId: string): Promise<RunPage> {
      const session = await findSession(db, sessionId);
      if (!session) throw new HubError('not-found');
      const run = await requireRun(db, session.runId);
      const actor = actorWhoMay(caller, 'run.manage', circumstancesOf(run, caller));
      const broadcast = await requireBroadcast(broadcastId);
      if (broadcast.kind !== 'class')
        throw fieldError('broadcastId', 'not-a-class', 'A session takes a class');
      if (broadcast.ownerAccountId !== run.trainerAccountId)
        throw fieldError('broadcastId', 'another-owner', 'The broadcast belongs to another account');
      await db.transaction(async (tx) => {
        const standing = (await findSession(tx, sessionId))?.broadcastId ?? null;
        if (standing === broadcastId) return;
        if (standing !== null || (await findSessionOfBroadcast(tx, broadcastId)))
          throw new HubError('session.linked');
        await setSessionBroadcast(tx, sessionId, broadcastId);
        await countMeasured(tx, { ...session, broadcastId }, broadcast);
        await audit(tx, clock, {
          actorAccountId: actor.accountId,
          action: 'session.link',
          objectKind: 'session',
          objectId: sessionId,
          regionCode: run.regionCode,
          detail: { broadcastId },
        });
      });
      return viewRunFor(db, shelf, caller, run);
    },

    /** Voids an attendance, with who and why, and judges again what was refused because of it; voided already, it stays. */
    async voidAttendance(
      caller: Caller,
      id: string,
      reason: string,
    ): Promise<{ id: string; voidedAt: string }> {
      const found = await findAttendance(db, id);
      if (!found) throw new HubError('not-found');
      const run = await requireRun(db, found.runId);
      const actor = actorWhoMay(caller, 'attendance.void', circumstancesOf(run, caller));
      return db.transaction(async (tx) => {
        const attendance = await findAttendance(tx, id);
        if (attendance?.voidedAt) return { id, voidedAt: attendance.voidedAt };
        const voidedAt = instant(clock.now());
        await setAttendanceVoided(tx, id, { voidedAt, voidedBy: actor.accountId, voidReason: reason });
        await setSigningsVoided(tx, found.sessionId, found.personId, voidedAt);
        await tell(tx, 'training.attendance-voided', { attendanceId: id, voidedAt }, voidedAt);
        await retryRefused(tx, clock, id);
        await audit(tx, clock, {
          actorAccountId: actor.accountId,
          action: 'attendance.void',
          objectKind: 'attendance',
          objectId: id,
          regionCode: run.regionCode,
          reason,
        });
        return { id, voidedAt };
      });
    },
  };
}
