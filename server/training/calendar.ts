import { randomBytes } from 'node:crypto';
import type { Actor, Caller } from '../platform/access/actor.ts';
import { actorWhoMay, ensureMay } from '../platform/access/decide.ts';
import { audit } from '../platform/audit.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/open.ts';
import { HubError } from '../platform/errors.ts';
import type { Vault } from '../platform/vault.ts';
import { writeCalendar, type CalendarClass } from './icalendar.ts';
import { findFeed, findFeedBySecret, putFeed, removeFeed } from './store/calendar-feeds.ts';
import { listEnrolmentsOfPerson } from './store/enrolments.ts';
import { listRunRows, listRunsById, listSessionsOfRuns } from './store/runs.ts';

/** Runs of a calendar, the latest first: what lies further back is history. */
const RUNS_SHOWN = 100;

/** Whether someone has a calendar address, and since when. */
export interface CalendarFeed {
  createdAt: string | null;
}

/** Port to the identity room: an account with the rights it holds now; undefined when it is closed. */
export interface AccountDesk {
  actorOf(accountId: string): Promise<Actor | undefined>;
}

interface CalendarParts {
  db: Database;
  clock: Clock;
  vault: Vault;
  accounts: AccountDesk;
}

/** One's classes, taken and given, as an address that a phone's calendar subscribes to. Whoever has the address reads it. */
export function openCalendar({ db, clock, vault, accounts }: CalendarParts) {
  const hashOf = (secret: string) => vault.hash('calendar-feed', secret);

  async function trace(actor: Actor, action: string): Promise<void> {
    await audit(db, clock, {
      ...{ actorAccountId: actor.accountId, action, objectKind: 'account', objectId: actor.accountId },
    });
  }

  return {
    async readCalendarFeed(caller: Caller): Promise<CalendarFeed> {
      const { accountId } = actorWhoMay(caller, 'learning.own');
      return { createdAt: (await findFeed(db, accountId))?.createdAt ?? null };
    },

    /** Makes a new address; one that was there before stops. The secret is told this once. */
    async makeCalendarFeed(caller: Caller): Promise<{ path: string; createdAt: string }> {
      const actor = actorWhoMay(caller, 'learning.own');
      const secret = randomBytes(24).toString('base64url');
      const createdAt = instant(clock.now());
      await putFeed(db, { accountId: actor.accountId, secretHash: hashOf(secret), createdAt });
      await trace(actor, 'calendar.make');
      return { path: `/api/calendar/${secret}`, createdAt };
    },

    /** Stops the address; there is none, nothing happens. */
    async revokeCalendarFeed(caller: Caller): Promise<void> {
      const actor = actorWhoMay(caller, 'learning.own');
      await removeFeed(db, actor.accountId);
      await trace(actor, 'calendar.revoke');
    },

    /** The calendar behind a secret, in RFC 5545. `origin` is where the hub is reached. Throws `not-found`. */
    async readCalendar(caller: Caller, secret: string, origin: string): Promise<string> {
      ensureMay(caller, 'calendar.read');
      const feed = await findFeedBySecret(db, hashOf(secret));
      const owner = feed && (await accounts.actorOf(feed.accountId));
      if (!owner) throw new HubError('not-found');
      const taken = await listEnrolmentsOfPerson(db, owner.personId, RUNS_SHOWN);
      const given = await listRunRows(
        db,
        { trainerAccountId: owner.accountId },
        { limit: RUNS_SHOWN, offset: 0 },
      );
      const runs = [
        ...(await listRunsById(
          db,
          taken.map((enrolment) => enrolment.runId),
        )),
        ...given,
      ];
      const byId = new Map(runs.map((run) => [run.id, run]));
      const sessions = await listSessionsOfRuns(db, [...byId.keys()]);
      const mine = new Set(given.map((run) => run.id));
      const classes = sessions.map((session): CalendarClass => {
        const page = mine.has(session.runId) ? 'teach/runs' : 'runs';
        return {
          ...{ id: session.id, startsAt: session.startsAt, endsAt: session.endsAt, place: session.place },
          title: `${session.title} · ${byId.get(session.runId)!.title}`,
          address: `${origin}/${page}/${session.runId}`,
        };
      });
      return writeCalendar('乡播', classes, instant(clock.now()));
    },
  };
}
