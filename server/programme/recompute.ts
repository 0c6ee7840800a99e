import type { Caller } from '../platform/access/actor.ts';
import { actorWhoMay } from '../platform/access/decide.ts';
import { audit } from '../platform/audit.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Database, Transaction } from '../platform/database/open.ts';
import type { Identity } from '../identity/service.ts';
import type { Training } from '../training/service.ts';
import type { ProgrammeScope } from './programmes.ts';
import {
  putAnswer,
  putAttendance,
  putRun,
  putVerification,
  readFreshness,
  readProjection,
  removeRows,
  writeFreshness,
} from './store/evidence.ts';

const SHOWN = 50;

type Kind = 'runs' | 'attendances' | 'answers' | 'verifications';

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

interface RecomputeParts {
  db: Database;
  clock: Clock;
  identity: Pick<Identity, 'describePersons'>;
  training: Pick<Training, 'readFacts'>;
  requireScope(id: string): Promise<ProgrammeScope>;
  /** Resolves when the news so far is applied, so that what is merely on its way is not called a difference. */
  catchUp(): Promise<void>;
}

type Rows = ReadonlyMap<string, object>;

/** Rebuilds the evidence from the rooms, never from the outbox, and compares. */
export function openRecompute({ db, clock, identity, training, requireScope, catchUp }: RecomputeParts) {
  /** What the rooms hold, keyed as the projection is. */
  async function readRooms(tx: Transaction) {
    const facts = await training.readFacts(tx);
    const persons = await identity.describePersons(
      facts.attendances.map((row) => row.personId),
      tx,
    );
    const verifications = [...persons].flatMap(([personId, person]) =>
      person.verifiedAt === null ? [] : { personId, verifiedAt: person.verifiedAt },
    );
    return { ...facts, verifications };
  }

  return {
    /** Compares the evidence with the rooms, repairs what differs and reports it. For the whole hub: evidence is shared. */
    async recompute(caller: Caller, programmeId: string): Promise<RecomputeReport> {
      const { region } = await requireScope(programmeId);
      const actor = actorWhoMay(caller, 'indicator.recompute', { regionCode: region.code });
      await catchUp();
      return db.transaction(async (tx) => {
        const rooms = await readRooms(tx);
        const projection = await readProjection(tx);
        // Verifications of people who never attended are kept: they may attend tomorrow.
        const attending = new Set(rooms.verifications.map((row) => row.personId));
        const attended = new Set(rooms.attendances.map((row) => row.personId));
        const kept = projection.verifications.filter(
          ({ personId }) => attending.has(personId) || attended.has(personId),
        );
        const found = [
          ...compare('runs', byId(rooms.runs, 'runId'), byId(projection.runs, 'runId')),
          ...compare(
            'attendances',
            byId(rooms.attendances, 'attendanceId'),
            byId(projection.attendances, 'attendanceId'),
          ),
          ...compare('answers', byId(rooms.answers, 'answerId'), byId(projection.answers, 'answerId')),
          ...compare('verifications', byId(rooms.verifications, 'personId'), byId(kept, 'personId')),
        ];
        await repair(tx, rooms, found);
        const at = instant(clock.now());
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
        return {
          comparedRows:
            rooms.runs.length + rooms.attendances.length + rooms.answers.length + rooms.verifications.length,
          differenceCount: found.length,
          differences: found.slice(0, SHOWN),
          repaired: found.length > 0,
          at,
        };
      });
    },
  };
}

function byId<Key extends string, Row extends Record<Key, string>>(
  rows: readonly Row[],
  key: Key,
): Map<string, Row> {
  return new Map(rows.map((row) => [row[key], row]));
}

function compare(kind: Kind, rooms: Rows, projection: Rows): Difference[] {
  const missingOrChanged = [...rooms].flatMap(([id, row]): Difference[] => {
    const stored = projection.get(id);
    if (!stored) return [{ kind, id, what: 'missing' }];
    return isSame(row, stored) ? [] : [{ kind, id, what: 'changed' }];
  });
  const surplus = [...projection.keys()]
    .filter((id) => !rooms.has(id))
    .map((id): Difference => ({ kind, id, what: 'surplus' }));
  return [...missingOrChanged, ...surplus];
}

function isSame(a: object, b: object): boolean {
  const text = (row: object) =>
    JSON.stringify(
      Object.entries(row)
        .map(([key, value]) => [key, Array.isArray(value) ? value.toSorted() : value] as const)
        .toSorted(([x], [y]) => x.localeCompare(y)),
    );
  return text(a) === text(b);
}

async function repair(
  tx: Transaction,
  rooms: Awaited<ReturnType<Training['readFacts']>> & {
    verifications: { personId: string; verifiedAt: string }[];
  },
  found: Difference[],
): Promise<void> {
  const wanted = (kind: Kind) =>
    new Set(found.filter((one) => one.kind === kind && one.what !== 'surplus').map((one) => one.id));
  const [runs, attendances, answers, verifications] = [
    wanted('runs'),
    wanted('attendances'),
    wanted('answers'),
    wanted('verifications'),
  ];
  for (const row of rooms.runs) if (runs.has(row.runId)) await putRun(tx, row);
  for (const row of rooms.attendances) if (attendances.has(row.attendanceId)) await putAttendance(tx, row);
  for (const row of rooms.answers) if (answers.has(row.answerId)) await putAnswer(tx, row);
  for (const row of rooms.verifications) if (verifications.has(row.personId)) await putVerification(tx, row);
  for (const kind of ['runs', 'attendances', 'answers', 'verifications'] as const) {
    const surplus = found.filter((one) => one.kind === kind && one.what === 'surplus').map((one) => one.id);
    if (surplus.length > 0) await removeRows(tx, kind, surplus);
  }
}
