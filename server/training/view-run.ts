import type { Caller } from '../platform/access/actor.ts';
import { may } from '../platform/access/decide.ts';
import type { Reader } from '../platform/database/open.ts';
import type { Learning } from '../learning/service.ts';
import type { Regions } from '../regions/service.ts';
import type { BroadcastDesk, LinkedBroadcast } from './ports.ts';
import { LIVE_PRESENCE, plannedMinutes } from './rules.ts';
import { countActiveEnrolments, findActiveEnrolment } from './store/enrolments.ts';
import {
  listProgrammesOfRuns,
  listSessionsOfRuns,
  type RunProgrammeRow,
  type RunRow,
  type SessionRow,
} from './store/runs.ts';

/** A session as everyone sees it. `broadcastState` is null until a broadcast is linked. */
export interface SessionView {
  id: string;
  ordinal: number;
  title: string;
  startsAt: string;
  endsAt: string;
  plannedMinutes: number;
  place: string | null;
  thresholdMinutes: number;
  asksSignOut: boolean;
  replayCounts: boolean;
  broadcastId: string | null;
  broadcastState: LinkedBroadcast['state'] | null;
}

/** A run as everyone sees it. */
export interface RunView {
  id: string;
  courseId: string;
  courseTitle: string;
  title: string;
  regionCode: string;
  regionName: string;
  level: string;
  form: string;
  audiences: string[];
  hours: number;
  capacity: number;
  enrolled: number;
  state: RunRow['state'];
  requiredSessions: number;
  /** The rule by which presence becomes attendance. */
  attendanceRule: { rule: string; version: number };
  programmes: { programmeId: string; fit: RunProgrammeRow['fit'] }[];
  sessions: SessionView[];
  createdAt: string;
}

/** A run with what it is to the one who asks. */
export interface RunPage extends RunView {
  viewer: { owner: boolean; enrolled: boolean };
}

/** What is gathered to show runs. */
export interface RunShelf {
  learning: Learning;
  regions: Regions;
  broadcasts: BroadcastDesk;
}

/** Turns rows into what is shown, asking for everything once for all of them. */
export async function viewRuns(reader: Reader, shelf: RunShelf, rows: RunRow[]): Promise<RunView[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const [sessions, programmes, enrolled, titles, places] = await Promise.all([
    listSessionsOfRuns(reader, ids),
    listProgrammesOfRuns(reader, ids),
    countActiveEnrolments(reader, ids),
    shelf.learning.courseTitles(rows.map((row) => row.courseId)),
    shelf.regions.regionsOf(rows.map((row) => row.regionCode)),
  ]);
  const linked = sessions.flatMap((session) => session.broadcastId ?? []);
  const broadcasts = await shelf.broadcasts.broadcastsById(linked);
  return rows.map(({ trainerAccountId: _trainer, openedAt: _opened, closedAt: _closed, ...row }) => ({
    ...row,
    courseTitle: titles.get(row.courseId) ?? row.title,
    regionName: places.get(row.regionCode)!.name,
    enrolled: enrolled.get(row.id) ?? 0,
    attendanceRule: LIVE_PRESENCE,
    programmes: programmes
      .filter((link) => link.runId === row.id)
      .map(({ programmeId, fit }) => ({ programmeId, fit })),
    sessions: sessions
      .filter((session) => session.runId === row.id)
      .map((session) => viewSession(session, broadcasts)),
  }));
}

function viewSession(
  { runId: _run, latitude: _latitude, longitude: _longitude, ...session }: SessionRow,
  broadcasts: ReadonlyMap<string, LinkedBroadcast>,
): SessionView {
  const broadcast = session.broadcastId === null ? undefined : broadcasts.get(session.broadcastId);
  return {
    ...session,
    plannedMinutes: plannedMinutes(session),
    broadcastState: broadcast?.state ?? null,
  };
}

/** One run with what it is to the caller. */
export async function viewRunFor(
  reader: Reader,
  shelf: RunShelf,
  caller: Caller,
  row: RunRow,
): Promise<RunPage> {
  const [view] = await viewRuns(reader, shelf, [row]);
  const owner = caller?.accountId === row.trainerAccountId;
  const enrolment = caller && (await findActiveEnrolment(reader, row.id, caller.personId));
  return {
    ...view!,
    viewer: {
      // A trainer who was dismissed has nothing to manage any more.
      owner: owner && may(caller, 'run.manage', { regionCode: row.regionCode, owner }),
      enrolled: enrolment !== undefined,
    },
  };
}
