import { setImmediate as nextTurn } from 'node:timers/promises';
import { subtreePrefix, type Caller } from '../platform/access/actor.ts';
import { actorWhoMay } from '../platform/access/decide.ts';
import { audit } from '../platform/audit.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Database, Reader, Transaction } from '../platform/database/open.ts';
import type { Identity } from '../identity/service.ts';
import type { Training } from '../training/service.ts';
import type { ProgrammeScope } from './programmes.ts';
import type { AnswerRow, AttendanceRow, MergeRow, RunRow } from './rules/evidence.ts';
import {
  putAnswer,
  putAttendance,
  putRun,
  putVerification,
  readFreshness,
  writeFreshness,
  type VerificationRow,
} from './store/evidence.ts';
import {
  findProjectedAnswers,
  findProjectedAttendances,
  findProjectedRuns,
  findProjectedVerifications,
  listProjectedRange,
  listProjectedRuns,
  removeAnswers,
  removeAttendances,
  removeRuns,
  removeVerifications,
} from './store/projection.ts';
import { findProjectedMerges, listMergesTouching, putMerge, removeMerges, tiedBy } from './store/merges.ts';
import { listRunsOfPersons, raiseVersions } from './store/versions.ts';

const SHOWN = 50;
/** So many persons of a run are compared in one turn of the event loop. */
const PERSONS_A_TURN = 200;
/** So many rows are repaired in one transaction: other writers wait no longer than that takes. */
const ROWS_A_REPAIR = 100;

type Kind = 'runs' | 'attendances' | 'answers' | 'verifications' | 'merges';

/** A row of evidence that was not as the rooms have it. */
export interface Difference {
  kind: Kind;
  id: string;
  what: 'missing' | 'surplus' | 'changed';
}

/** What a recompute found. `differences` are the first 50 of `differenceCount`; all of them were repaired. */
export interface RecomputeReport {
  comparedRows: number;
  differenceCount: number;
  differences: Difference[];
  repaired: boolean;
  at: string;
}

/** What a recompute asks of training. */
export type TrainingFactsDesk = Pick<
  Training,
  'listRunFacts' | 'runFactsById' | 'readFactSlice' | 'attendanceFactsById' | 'answerFactsById'
>;

interface RecomputeParts {
  db: Database;
  clock: Clock;
  identity: Pick<Identity, 'verifiedAtOf' | 'mergesOf' | 'mergesById'>;
  training: TrainingFactsDesk;
  requireScope(id: string): Promise<ProgrammeScope>;
  /** Resolves when the news so far is applied, so that what is merely on its way is not called a difference. */
  catchUp(): Promise<void>;
}

/** How one kind of row is read from the rooms, read from the evidence, written and removed. */
interface Side<Row extends object> {
  keyOf(row: Row): string;
  ofRooms(reader: Reader, ids: string[]): Promise<Row[]>;
  ofEvidence(reader: Reader, ids: string[]): Promise<Row[]>;
  put(tx: Transaction, row: Row): Promise<void>;
  remove(tx: Transaction, ids: string[]): Promise<void>;
  /** The runs that count otherwise once this row has changed. */
  runsOf(tx: Transaction, rows: Row[]): Promise<string[]>;
}

/** Rebuilds the evidence from the rooms, never from the outbox, and compares. */
export function openRecompute({ db, clock, identity, training, requireScope, catchUp }: RecomputeParts) {
  let line: Promise<unknown> = Promise.resolve();

  async function verificationsOf(ids: string[], reader: Reader = db) {
    const verifiedAt = await identity.verifiedAtOf(ids, reader);
    return [...verifiedAt].map(([personId, at]) => ({ personId, verifiedAt: at }));
  }

  /** Compares a run's facts some persons at a time; puts the ids of what differs into `suspects`. */
  async function compareRun(runId: string, suspects: Suspects, persons: Set<string>): Promise<number> {
    let compared = 0;
    for (let after: string | undefined = ''; after !== undefined;) {
      const facts = await training.readFactSlice(runId, after, PERSONS_A_TURN);
      const evidence = await listProjectedRange(db, { runId, after, last: facts.last });
      suspect(suspects.attendances, facts.attendances, evidence.attendances, (row) => row.attendanceId);
      suspect(suspects.answers, facts.answers, evidence.answers, (row) => row.answerId);
      const fresh = [...new Set(facts.attendances.map((row) => row.personId))].filter(
        (id) => !persons.has(id),
      );
      for (const id of fresh) persons.add(id);
      const verified = await verificationsOf(fresh);
      const projected = await findProjectedVerifications(db, fresh);
      suspect(suspects.verifications, verified, projected, (row) => row.personId);
      const merges = await identity.mergesOf(fresh);
      suspect(suspects.merges, merges, await listMergesTouching(db, fresh), (row) => row.mergeId);
      compared += facts.attendances.length + facts.answers.length + verified.length + merges.length;
      after = facts.last;
      await nextTurn();
    }
    return compared;
  }

  async function compareAll(prefixes: string[]): Promise<{ comparedRows: number; suspects: Suspects }> {
    const suspects: Suspects = {
      runs: new Set(),
      attendances: new Set(),
      answers: new Set(),
      verifications: new Set(),
      merges: new Set(),
    };
    const rooms = await training.listRunFacts(prefixes);
    const projected = await listProjectedRuns(db, prefixes);
    suspect(suspects.runs, rooms, projected, (row) => row.runId);
    let comparedRows = rooms.length;
    const persons = new Set<string>();
    for (const runId of new Set([...rooms, ...projected].map((run) => run.runId)))
      comparedRows += await compareRun(runId, suspects, persons);
    return { comparedRows, suspects };
  }

  /** Looks at what seemed to differ again, in the transaction that repairs it. */
  async function repair<Row extends object>(
    kind: Kind,
    side: Side<Row>,
    ids: string[],
  ): Promise<Difference[]> {
    const found: Difference[] = [];
    for (let at = 0; at < ids.length; at += ROWS_A_REPAIR) {
      const part = ids.slice(at, at + ROWS_A_REPAIR);
      await db.transaction(async (tx) => {
        const rooms = new Map((await side.ofRooms(tx, part)).map((row) => [side.keyOf(row), row]));
        const evidence = new Map((await side.ofEvidence(tx, part)).map((row) => [side.keyOf(row), row]));
        const differing = part.filter((id) => !isSame(rooms.get(id), evidence.get(id)));
        for (const id of differing) {
          const row = rooms.get(id);
          if (row) await side.put(tx, row);
          found.push({ kind, id, what: !row ? 'surplus' : evidence.has(id) ? 'changed' : 'missing' });
        }
        const surplus = differing.filter((id) => !rooms.has(id));
        if (surplus.length > 0) await side.remove(tx, surplus);
        const touched = differing.flatMap(
          (id) => [rooms.get(id) ?? [], evidence.get(id) ?? []].flat() as Row[],
        );
        await raiseVersions(tx, await side.runsOf(tx, touched));
      });
      await nextTurn();
    }
    return found;
  }

  const runsOfRows = (_tx: Transaction, rows: { runId: string }[]) =>
    Promise.resolve(rows.map((row) => row.runId));

  async function repairAll(suspects: Suspects): Promise<Difference[]> {
    const { runFactsById, attendanceFactsById, answerFactsById } = training;
    return [
      ...(await repair<RunRow>(
        'runs',
        {
          ...{ keyOf: (row) => row.runId, ofRooms: (tx, ids) => runFactsById(ids, tx) },
          ...{ ofEvidence: findProjectedRuns, put: putRun, remove: removeRuns, runsOf: runsOfRows },
        },
        [...suspects.runs],
      )),
      ...(await repair<AttendanceRow>(
        'attendances',
        {
          ...{ keyOf: (row) => row.attendanceId, ofRooms: (tx, ids) => attendanceFactsById(ids, tx) },
          ...{ ofEvidence: findProjectedAttendances, put: putAttendance, remove: removeAttendances },
          runsOf: runsOfRows,
        },
        [...suspects.attendances],
      )),
      ...(await repair<AnswerRow>(
        'answers',
        {
          ...{ keyOf: (row) => row.answerId, ofRooms: (tx, ids) => answerFactsById(ids, tx) },
          ...{ ofEvidence: findProjectedAnswers, put: putAnswer, remove: removeAnswers, runsOf: runsOfRows },
        },
        [...suspects.answers],
      )),
      ...(await repair<VerificationRow>(
        'verifications',
        {
          ...{ keyOf: (row) => row.personId, ofRooms: (tx, ids) => verificationsOf(ids, tx) },
          ...{ ofEvidence: findProjectedVerifications, put: putVerification, remove: removeVerifications },
          runsOf: (tx, rows) =>
            listRunsOfPersons(
              tx,
              rows.map((row) => row.personId),
            ),
        },
        [...suspects.verifications],
      )),
      ...(await repair<MergeRow>(
        'merges',
        {
          ...{ keyOf: (row) => row.mergeId, ofRooms: (tx, ids) => identity.mergesById(ids, tx) },
          ...{ ofEvidence: findProjectedMerges, put: putMerge, remove: removeMerges },
          runsOf: (tx, rows) => listRunsOfPersons(tx, tiedBy(rows)),
        },
        [...suspects.merges],
      )),
    ];
  }

  return {
    /**
     * Compares the evidence of the programme's regions with the rooms, repairs what differs and reports it. One at a
     * time; whoever writes meanwhile waits for a small repair at most.
     */
    async recompute(caller: Caller, programmeId: string): Promise<RecomputeReport> {
      const { region, regionCodes } = await requireScope(programmeId);
      const actor = actorWhoMay(caller, 'indicator.recompute', { regionCode: region.code });
      const work = async (): Promise<RecomputeReport> => {
        await catchUp();
        const { comparedRows, suspects } = await compareAll(regionCodes.map(subtreePrefix));
        // What was news while comparing is applied before it is looked at again.
        await catchUp();
        const found = await repairAll(suspects);
        const at = instant(clock.now());
        await db.transaction(async (tx) => {
          const freshness = await readFreshness(tx);
          if (found.length > 0)
            await writeFreshness(tx, {
              seq: freshness?.seq ?? 0,
              factRecordedAt: freshness?.factRecordedAt ?? at,
              appliedAt: at,
            });
          await audit(tx, clock, {
            actorAccountId: actor.accountId,
            action: 'indicator.recompute',
            objectKind: 'programme',
            objectId: programmeId,
            regionCode: region.code,
            detail: { differences: found.length },
          });
        });
        return {
          comparedRows,
          differenceCount: found.length,
          differences: found.slice(0, SHOWN),
          repaired: found.length > 0,
          at,
        };
      };
      const mine = line.then(work, work);
      line = mine;
      return mine;
    },
  };
}

type Suspects = Record<Kind, Set<string>>;

/** Adds the ids of rows that are on one side only or differ. */
function suspect<Row extends object>(
  into: Set<string>,
  rooms: readonly Row[],
  evidence: readonly Row[],
  keyOf: (row: Row) => string,
): void {
  const projected = new Map(evidence.map((row) => [keyOf(row), row]));
  for (const row of rooms) {
    if (!isSame(row, projected.get(keyOf(row)))) into.add(keyOf(row));
    projected.delete(keyOf(row));
  }
  for (const id of projected.keys()) into.add(id);
}

function isSame(a: object | undefined, b: object | undefined): boolean {
  return a === undefined || b === undefined ? a === b : textOf(a) === textOf(b);
}

function textOf(row: object): string {
  return JSON.stringify(
    Object.entries(row)
      .map(([key, value]) => [key, Array.isArray(value) ? value.toSorted() : (value as unknown)] as const)
      .toSorted(([x], [y]) => (x < y ? -1 : 1)),
  );
}
