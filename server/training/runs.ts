import type { Caller } from '../platform/access/actor.ts';
import { actorWhoMay, ensureMay, may } from '../platform/access/decide.ts';
import { audit } from '../platform/audit.ts';
import { instant, shanghaiDay, type Clock } from '../platform/clock.ts';
import type { Database, Reader, Transaction } from '../platform/database/open.ts';
import { fieldError, HubError } from '../platform/errors.ts';
import { pageOf, type Page } from '../platform/http/paging.ts';
import { newId } from '../platform/ids.ts';
import { tell } from './events.ts';
import type { ProgrammeDesk } from './ports.ts';
import { faultsOfPlan } from './rules.ts';
import {
  countRunRows,
  findRun,
  insertRun,
  listProgrammesOfRuns,
  listRunRows,
  setRunState,
  type RunProgrammeRow,
  type RunRow,
  type SessionRow,
} from './store/runs.ts';
import { viewRunFor, viewRuns, type RunPage, type RunShelf, type RunView } from './view-run.ts';

const PAGE_SIZE = 20;

/** What a trainer says of a new run. Instants are ISO text in UTC. */
export interface NewRun {
  courseId: string;
  title: string;
  regionCode: string;
  level: string;
  form: string;
  audiences: string[];
  hours: number;
  capacity: number;
  requiredSessions: number;
  programmeIds: string[];
  sessions: {
    title: string;
    startsAt: string;
    endsAt: string;
    place?: string;
    thresholdMinutes: number;
    /** Whoever signs in must sign out as well; not asked for when left out. */
    asksSignOut?: boolean;
    /** Watching the replay counts as well; it does not when left out. */
    replayCounts?: boolean;
  }[];
}

interface RunParts {
  db: Database;
  clock: Clock;
  shelf: RunShelf;
  programmes: ProgrammeDesk;
}

/** The verbs on runs themselves: making, showing, opening and closing them. */
export function openRuns({ db, clock, shelf, programmes }: RunParts) {
  /** A run is held by a county or a place in it, so that a prefecture's count is the sum of its counties'. */
  async function ensureHeldByCounty(regionCode: string): Promise<void> {
    const region = await shelf.regions.requireRegion(regionCode);
    if (region.level === 'prefecture')
      throw fieldError('regionCode', 'not-a-county', 'A run is held by a county, township or village');
  }

  async function fitProgrammes(tx: Transaction, runId: string, input: NewRun): Promise<RunProgrammeRow[]> {
    const days = input.sessions.map((session) => shanghaiDay(Date.parse(session.startsAt)));
    const rows: RunProgrammeRow[] = [];
    for (const [index, programmeId] of input.programmeIds.entries()) {
      if (input.programmeIds.indexOf(programmeId) < index)
        throw fieldError(`programmeIds.${index}`, 'twice', 'The programme is named already');
      const fit = await programmes.fitOf(programmeId, { regionCode: input.regionCode, days }, tx);
      if (fit === 'unknown' || fit === 'outside-region')
        throw fieldError(`programmeIds.${index}`, fit, 'The programme does not cover this region');
      rows.push({ runId, programmeId, fit });
    }
    return rows;
  }

  return {
    /**
     * Makes a run with its sessions, not yet open for enrolment. Days outside a programme's period are accepted and
     * flagged on the link (`fit`). Throws `input.invalid` with every fault of the plan.
     */
    async createRun(caller: Caller, input: NewRun): Promise<RunPage> {
      const actor = actorWhoMay(caller, 'run.create', { regionCode: input.regionCode });
      await ensureHeldByCounty(input.regionCode);
      await shelf.learning.readCourse(caller, input.courseId);
      const faults = faultsOfPlan(input.sessions, input.requiredSessions);
      if (faults.length > 0)
        throw new HubError('input.invalid', { message: 'The plan is at fault', fields: faults });

      const now = instant(clock.now());
      const { sessions, programmeIds: _ids, ...rest } = input;
      const run: RunRow = {
        ...rest,
        id: newId<'run'>(),
        trainerAccountId: actor.accountId,
        state: 'draft',
        createdAt: now,
        openedAt: null,
        closedAt: null,
      };
      const inOrder = sessions.toSorted((a, b) => a.startsAt.localeCompare(b.startsAt));
      const sessionRows = inOrder.map((session, index): SessionRow => ({
        ...session,
        id: newId<'session'>(),
        runId: run.id,
        ordinal: index + 1,
        place: session.place ?? null,
        broadcastId: null,
        asksSignOut: session.asksSignOut ?? false,
        replayCounts: session.replayCounts ?? false,
        latitude: null,
        longitude: null,
      }));
      await db.transaction(async (tx) => {
        const links = await fitProgrammes(tx, run.id, input);
        await insertRun(tx, run, sessionRows, links);
        await tellRun(tx, run, now);
        await audit(tx, clock, {
          actorAccountId: actor.accountId,
          action: 'run.create',
          objectKind: 'run',
          objectId: run.id,
          regionCode: run.regionCode,
        });
      });
      return viewRunFor(db, shelf, caller, run);
    },

    /** Runs that are open or have been; with `mine`, the caller's own with their drafts. Newest first. */
    async listRuns(
      caller: Caller,
      filter: { courseId?: string; state?: 'open' | 'closed'; mine?: boolean; page: number },
    ): Promise<Page<RunView>> {
      ensureMay(caller, 'run.read');
      if (filter.mine && !caller) throw new HubError('auth.required');
      const narrowed = {
        courseId: filter.courseId,
        state: filter.state,
        trainerAccountId: filter.mine ? caller?.accountId : undefined,
      };
      const [rows, total] = await Promise.all([
        listRunRows(db, narrowed, { limit: PAGE_SIZE, offset: (filter.page - 1) * PAGE_SIZE }),
        countRunRows(db, narrowed),
      ]);
      return pageOf(await viewRuns(db, shelf, rows), filter.page, PAGE_SIZE, total);
    },

    /** One run. A draft is seen by those who may manage it only. */
    async readRun(caller: Caller, id: string): Promise<RunPage> {
      ensureMay(caller, 'run.read');
      const run = await requireRun(db, id);
      if (run.state === 'draft' && !may(caller, 'run.manage', circumstancesOf(run, caller)))
        throw new HubError('not-found');
      return viewRunFor(db, shelf, caller, run);
    },

    /** Opens or closes enrolment; what is so already stays so. */
    async setEnrolmentOpen(caller: Caller, id: string, open: boolean): Promise<RunPage> {
      const run = await requireRun(db, id);
      const actor = actorWhoMay(caller, 'run.manage', circumstancesOf(run, caller));
      const state = open ? 'open' : 'closed';
      if (run.state === state) return viewRunFor(db, shelf, caller, run);
      const now = instant(clock.now());
      const change = open
        ? { state, openedAt: run.openedAt ?? now, closedAt: null }
        : { state, closedAt: now };
      await db.transaction(async (tx) => {
        await setRunState(tx, id, change as Partial<RunRow>);
        await tellRun(tx, run, now);
        await audit(tx, clock, {
          actorAccountId: actor.accountId,
          action: open ? 'run.open' : 'run.close',
          objectKind: 'run',
          objectId: id,
          regionCode: run.regionCode,
        });
      });
      return viewRunFor(db, shelf, caller, await requireRun(db, id));
    },
  };
}

/** The run of an id. Throws `not-found`. */
export async function requireRun(reader: Reader, id: string): Promise<RunRow> {
  const run = await findRun(reader, id);
  if (!run) throw new HubError('not-found');
  return run;
}

/** What the access table must know of a run: where it is held and whether it is the caller's. */
export function circumstancesOf(run: RunRow, caller: Caller): { regionCode: string; owner: boolean } {
  return { regionCode: run.regionCode, owner: caller?.accountId === run.trainerAccountId };
}

async function tellRun(tx: Transaction, run: RunRow, recordedAt: string): Promise<void> {
  const links = await listProgrammesOfRuns(tx, [run.id]);
  await tell(
    tx,
    'training.run-changed',
    {
      runId: run.id,
      regionCode: run.regionCode,
      level: run.level,
      requiredSessions: run.requiredSessions,
      programmeIds: links.map((link) => link.programmeId),
    },
    recordedAt,
  );
}
