import reference from '../../drizzle/reference/regions.json' with { type: 'json' };
import { subtreePrefix, type Caller } from '../platform/access/actor.ts';
import { actorWhoMay } from '../platform/access/decide.ts';
import { audit } from '../platform/audit.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Database, Reader } from '../platform/database/open.ts';
import { fieldError, HubError } from '../platform/errors.ts';
import { childLevel, faultOfNewRegion, type RegionLevel } from './rules.ts';
import { placeImport } from './import-places.ts';
import {
  findRegion,
  insertRegions,
  listRegionRows,
  listRegionsByCode,
  listRegionsUnder,
  type RegionRow,
} from './store.ts';

export { findPlace, type NamedPlace } from './place-names.ts';

/** A region as others see it. `parentCode` is null for a prefecture. */
export interface Region {
  code: string;
  name: string;
  level: RegionLevel;
  parentCode: string | null;
  /** 脱贫村, with the day on which it left the list, where that is known. */
  outOfPoverty: boolean;
  outOfPovertyOn: string | null;
}

export type Regions = ReturnType<typeof openRegions>;

/** The administrative map: prefectures and counties come with the hub, townships and villages are added. */
export function openRegions({ db, clock }: { db: Database; clock: Clock }) {
  return {
    /** Townships and villages from a spreadsheet. */
    placeImport: placeImport({ db, clock }),

    /** Brings the shipped prefectures and counties in; what is there stays. */
    async seedReference(): Promise<void> {
      const createdAt = instant(clock.now());
      await insertRegions(
        db,
        reference.map((region) => ({
          code: region.code,
          name: region.name,
          level: region.level as RegionLevel,
          parentCode: region.parentCode ?? null,
          createdAt,
        })),
      );
    },

    /** The region of a code, with its transaction where one is open. Throws `input.invalid` at `field` when there is none. */
    async requireRegion(code: string, field = 'regionCode', reader: Reader = db): Promise<Region> {
      const row = await findRegion(reader, code);
      if (!row) throw fieldError(field, 'unknown', `There is no region ${code}`);
      return asRegion(row);
    },

    /** For the rooms above: regions by code, in one read. Throws `input.invalid` when one of them is not there. */
    async regionsOf(codes: Iterable<string>, reader: Reader = db): Promise<Map<string, Region>> {
      const distinct = [...new Set(codes)];
      const rows = distinct.length === 0 ? [] : await listRegionsByCode(reader, distinct);
      const found = new Map(rows.map((row) => [row.code, asRegion(row)]));
      const missing = distinct.find((code) => !found.has(code));
      if (missing !== undefined) throw fieldError('regionCode', 'unknown', `There is no region ${missing}`);
      return found;
    },

    /** The children of several regions in one read, ordered by code. */
    async childrenOf(parentCodes: string[]): Promise<Region[]> {
      return parentCodes.length === 0 ? [] : (await listRegionsUnder(db, parentCodes)).map(asRegion);
    },

    /** Children of a region, or its whole subtree with itself, or everything; ordered by code. */
    async listRegions(filter: { parentCode?: string; under?: string } = {}): Promise<Region[]> {
      const prefix = filter.under === undefined ? undefined : subtreePrefix(filter.under);
      return (await listRegionRows(db, { parentCode: filter.parentCode, prefix })).map(asRegion);
    },

    /** Adds a township under a county or a village under a township. */
    async addRegion(
      caller: Caller,
      input: { code: string; name: string; parentCode: string },
    ): Promise<Region> {
      const actor = actorWhoMay(caller, 'region.add', { regionCode: input.parentCode });
      return db.transaction(async (tx) => {
        const parent = await findRegion(tx, input.parentCode);
        if (!parent) throw fieldError('parentCode', 'unknown', `There is no region ${input.parentCode}`);
        const fault = faultOfNewRegion(input.code, parent);
        if (fault === 'parent-level')
          throw fieldError('parentCode', fault, `Nothing is added under a ${parent.level}`);
        if (fault)
          throw fieldError(
            'code',
            fault,
            'A child code continues its parent code: 9 digits for a township, 12 for a village',
          );
        if (await findRegion(tx, input.code))
          throw new HubError('region.exists', {
            fields: [{ path: 'code', rule: 'taken', message: 'taken' }],
          });
        const row: RegionRow = {
          ...{ ...input, level: childLevel(parent.level)!, createdAt: instant(clock.now()) },
          ...{ outOfPoverty: false, outOfPovertyOn: null },
        };
        await insertRegions(tx, [row]);
        await audit(tx, clock, {
          actorAccountId: actor.accountId,
          action: 'region.add',
          objectKind: 'region',
          objectId: row.code,
          regionCode: row.code,
        });
        return asRegion(row);
      });
    },
  };
}

function asRegion({ code, name, level, parentCode, outOfPoverty, outOfPovertyOn }: Region): Region {
  return { code, name, level, parentCode, outOfPoverty, outOfPovertyOn };
}
