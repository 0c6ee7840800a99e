import { regionCovers, type Caller } from '../platform/access/actor.ts';
import { ensureMay } from '../platform/access/decide.ts';
import type { Database, Reader } from '../platform/database/open.ts';
import { HubError } from '../platform/errors.ts';
import { pageOf, type Page } from '../platform/http/paging.ts';
import type { Region, Regions } from '../regions/service.ts';
import type { ProgrammeFit } from '../training/service.ts';
import { CATALOGUE, INDICATORS, type CatalogueProgramme } from './catalogue.ts';
import { MEASURED } from './rules/indicators.ts';
import {
  countProgrammeRows,
  findProgramme,
  listProgrammeRows,
  listRegionsOf,
  listTargets,
  type ProgrammeRow,
  type TargetRow,
} from './store/programmes.ts';

const PAGE_SIZE = 20;

/** A region as a programme names it. */
export type Place = Pick<Region, 'code' | 'name' | 'level'>;

/** A programme as everyone sees it. Days are calendar days in Asia/Shanghai, both ends included. */
export interface ProgrammeBrief {
  id: string;
  catalogueId: string;
  name: string;
  document: string;
  startsOn: string;
  endsOn: string;
  /** The counties it is carried out in. */
  counties: Place[];
}

/** A target as the public page states it. `measured`: the hub counts it; otherwise it is shown as not measured yet. */
export interface PublicTarget extends Omit<TargetRow, 'programmeId'> {
  name: string;
  unit: string;
  measured: boolean;
}

export interface ProgrammePage extends ProgrammeBrief {
  /** The region over all its counties: the county itself, or their prefecture. */
  region: Place;
  stages: ProgrammeRow['stages'];
  targets: PublicTarget[];
}

/** A programme with everything the figures need. */
export interface ProgrammeScope {
  row: ProgrammeRow;
  regionCodes: string[];
  counties: Place[];
  region: Place;
  targets: TargetRow[];
}

/** What programmes there are, and what each of them is about. */
export function openProgrammes({ db, regions }: { db: Database; regions: Regions }) {
  /** The counties of several lists of codes, in two reads for all of them. */
  async function countiesOf(lists: string[][]): Promise<Place[][]> {
    const places = await regions.regionsOf(lists.flat());
    const prefectures = [...places.values()].filter((place) => place.level === 'prefecture');
    const children = await regions.childrenOf(prefectures.map((place) => place.code));
    return lists.map((codes) =>
      codes
        .flatMap((code) => {
          const place = places.get(code)!;
          return place.level === 'prefecture' ? children.filter((one) => one.parentCode === code) : [place];
        })
        .map(asPlace),
    );
  }

  /** A single county stands for itself; several stand under their prefecture. */
  async function topOf(codes: string[], counties: Place[]): Promise<Place> {
    const only = codes.length === 1 ? codes[0] : undefined;
    if (only) return asPlace(await regions.requireRegion(only));
    const { parentCode } = await regions.requireRegion(counties[0]!.code);
    return asPlace(await regions.requireRegion(parentCode ?? counties[0]!.code));
  }

  /** Throws `not-found`. */
  async function requireScope(id: string, reader: Reader = db): Promise<ProgrammeScope> {
    const row = await findProgramme(reader, id);
    if (!row) throw new HubError('not-found');
    const regionCodes = (await listRegionsOf(reader, [id])).get(id) ?? [];
    const [counties = []] = await countiesOf([regionCodes]);
    const region = await topOf(regionCodes, counties);
    return { row, regionCodes, counties, region, targets: await listTargets(reader, id) };
  }

  return {
    requireScope,

    /** What may be copied. */
    listCatalogue(caller: Caller): readonly CatalogueProgramme[] {
      ensureMay(caller, 'programme.read');
      return CATALOGUE;
    },

    /** The programmes of the hub, the newest first. */
    async listProgrammes(caller: Caller, page: number): Promise<Page<ProgrammeBrief>> {
      ensureMay(caller, 'programme.read');
      const rows = await listProgrammeRows(db, { limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE });
      const codes = await listRegionsOf(
        db,
        rows.map((row) => row.id),
      );
      const counties = await countiesOf(rows.map((row) => codes.get(row.id) ?? []));
      const items = rows.map((row, index) => asBrief(row, counties[index]!));
      return pageOf(items, page, PAGE_SIZE, await countProgrammeRows(db));
    },

    /** A programme's facts and targets, without figures. */
    async readProgramme(caller: Caller, id: string): Promise<ProgrammePage> {
      ensureMay(caller, 'programme.read');
      const { row, counties, region, targets } = await requireScope(id);
      return {
        ...asBrief(row, counties),
        region,
        stages: row.stages,
        targets: INDICATORS.flatMap(({ code, name, unit }) =>
          targets
            .filter((target) => target.indicatorCode === code)
            .map(({ programmeId: _id, ...target }) => ({
              ...target,
              name,
              unit,
              measured: MEASURED.has(code),
            })),
        ),
      };
    },

    /** For training: how a run's place and days fit a programme. */
    async fitOf(
      programmeId: string,
      run: { regionCode: string; days: readonly string[] },
      reader: Reader,
    ): Promise<ProgrammeFit> {
      const row = await findProgramme(reader, programmeId);
      if (!row) return 'unknown';
      const codes = (await listRegionsOf(reader, [programmeId])).get(programmeId) ?? [];
      if (!codes.some((code) => regionCovers(code, run.regionCode))) return 'outside-region';
      const inside = run.days.every((day) => row.startsOn <= day && day <= row.endsOn);
      return inside ? 'inside' : 'outside-period';
    },
  };
}

function asPlace({ code, name, level }: Place): Place {
  return { code, name, level };
}

function asBrief(row: ProgrammeRow, counties: Place[]): ProgrammeBrief {
  const { id, catalogueId, name, document, startsOn, endsOn } = row;
  return { id, catalogueId, name, document, startsOn, endsOn, counties };
}
