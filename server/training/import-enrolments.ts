import type { Identity, SealedEntry } from '../identity/service.ts';
import { isSensitive } from '../identity/service.ts';
import { actorWhoMay, prefixesWhereMay } from '../platform/access/decide.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Database, Transaction } from '../platform/database/open.ts';
import { fieldError, HubError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { CellFault, ImportKind } from '../platform/imports/contract.ts';
import { slicesOf } from '../platform/slices.ts';
import type { Regions } from '../regions/service.ts';
import { countMeasuredSoFar } from './count-measured.ts';
import { ENROLMENT_COLUMNS } from './import-columns.ts';
import type { BroadcastDesk } from './ports.ts';
import { readRoster, type Homes, type ReadEntry } from './read-roster.ts';
import { circumstancesOf, requireRun } from './runs.ts';
import {
  countActiveEnrolments,
  insertEnrolments,
  listActivePersonIds,
  type EnrolmentRow,
} from './store/enrolments.ts';
import type { RunRow } from './store/runs.ts';

/** What an import of enrolments would do. */
export interface EnrolmentPlan {
  entries: SealedEntry[];
  sensitive: boolean;
}

/** Port to the identity room, for lists of people. */
export type RosterDesk = Pick<Identity, 'sealRoster' | 'matchRoster' | 'putRoster'>;

const ROWS_AN_INSERT = 200;
const ASSISTED_REASON = '名单导入';

interface ImportParts {
  db: Database;
  clock: Clock;
  regions: Regions;
  broadcasts: BroadcastDesk;
  rosters: RosterDesk;
}

/** People enrolled in a run from a spreadsheet: found or made, and given places, all of them or none. */
export function enrolmentImport({
  db,
  clock,
  regions,
  broadcasts,
  rosters,
}: ImportParts): ImportKind<EnrolmentPlan> {
  async function homesOf(run: RunRow): Promise<Homes> {
    const runCountyCode = run.regionCode.slice(0, 6);
    const around = await regions.listRegions({ under: `${runCountyCode.slice(0, 4)}00` });
    return {
      ...{ runRegionCode: run.regionCode, runCountyCode },
      counties: around.filter((region) => region.level === 'county'),
      places: around.filter((region) => region.level === 'township' || region.level === 'village'),
    };
  }

  /** Faults that only the hub's own people tell: another name under the number, a home where the caller registers nobody. */
  function faultsOfMatches(
    entries: readonly ReadEntry[],
    matches: readonly ({ nameDiffers: boolean } | undefined)[],
    prefixes: readonly string[],
  ): CellFault[] {
    return entries.flatMap(({ row, entry }, index) => {
      const match = matches[index];
      if (match?.nameDiffers) return [{ row, column: 'name', rule: 'other-name' }];
      const mayRegister = prefixes.some((prefix) => entry.homeRegionCode.startsWith(prefix));
      return match || mayRegister ? [] : [{ row, column: 'township', rule: 'outside-region' }];
    });
  }

  async function ensurePlaces(tx: Transaction, run: RunRow, wanted: number): Promise<void> {
    const taken = (await countActiveEnrolments(tx, [run.id])).get(run.id) ?? 0;
    if (taken + wanted > run.capacity)
      throw new HubError('enrolment.too-few-places', {
        params: { wanted, free: Math.max(0, run.capacity - taken) },
      });
  }

  return {
    kind: 'enrolments',
    columns: ENROLMENT_COLUMNS,

    async admit(caller, runId) {
      const run = await requireRun(db, runId);
      const actor = actorWhoMay(caller, 'run.enrol-assisted', circumstancesOf(run, caller));
      return { actor, regionCode: run.regionCode };
    },

    async judge(rows, { actor, target }) {
      const run = await requireRun(db, target);
      const { entries, faults, repeated } = readRoster(rows, await homesOf(run));
      const sealed = await rosters.sealRoster(entries.map(({ entry }) => entry));
      const matches = await rosters.matchRoster(sealed, db);
      // Owning the run is enough to enrol into it, but not to register people anywhere.
      const prefixes = prefixesWhereMay(actor, 'person.register');
      const enrolled = await listActivePersonIds(db, target);
      const known = matches.filter((match) => match !== undefined);
      return {
        faults: [...faults, ...faultsOfMatches(entries, matches, prefixes)].sort((a, b) => a.row - b.row),
        figures: {
          people: entries.length,
          fresh: entries.length - known.length,
          known: known.length,
          enrolledAlready: known.filter((match) => enrolled.has(match.personId)).length,
          repeated,
          unverified: entries.filter(({ entry }, index) => !entry.idNumber && !matches[index]).length,
          sensitive: entries.filter(({ entry }) => isSensitive(entry.audiences.map((one) => one.name)))
            .length,
          free: Math.max(0, run.capacity - enrolled.size),
        },
        plan: {
          entries: sealed,
          sensitive: entries.some(({ entry }) => isSensitive(entry.audiences.map((one) => one.name))),
        },
      };
    },

    async carryOut(tx, plan, { actor, target, declaration: { consent } }) {
      if (!consent) throw fieldError('consent', 'required', 'The people on the list must have consented');
      if (plan.sensitive && !consent.sensitive)
        throw fieldError(
          'consent.sensitive',
          'required',
          'Disability and poverty status need a consent apart',
        );
      const run = await requireRun(tx, target);
      if (run.state === 'closed') throw new HubError('enrolment.closed');
      const { personIds, made } = await rosters.putRoster(tx, actor, plan.entries, consent);
      const enrolled = await listActivePersonIds(tx, target);
      const fresh = [...new Set(personIds)].filter((personId) => !enrolled.has(personId));
      await ensurePlaces(tx, run, fresh.length);
      const enrolledAt = instant(clock.now());
      for await (const slice of slicesOf(fresh, ROWS_AN_INSERT))
        await insertEnrolments(
          tx,
          slice.map((personId): EnrolmentRow => ({
            ...{ id: newId<'enrolment'>(), runId: target, personId, method: 'assisted' },
            ...{ recordedBy: actor.accountId, assistedReason: ASSISTED_REASON },
            ...{ enrolledAt, cancelledAt: null },
          })),
        );
      await countMeasuredSoFar(tx, { clock, broadcasts }, target, fresh);
      return { enrolled: fresh.length, made, enrolledAlready: personIds.length - fresh.length };
    },
  };
}
