import type { Caller } from '../platform/access/actor.ts';
import { regionCovers } from '../platform/access/actor.ts';
import { actorWhoMay } from '../platform/access/decide.ts';
import { audit } from '../platform/audit.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/open.ts';
import { fieldError, HubError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Regions } from '../regions/service.ts';
import { CATALOGUE, INDICATORS, type CatalogueProgramme, type CatalogueTarget } from './catalogue.ts';
import { moveDay } from './rules/fit-dates.ts';
import type { Operator } from './rules/targets.ts';
import {
  insertProgramme,
  listProgrammesCopiedFrom,
  listRegionsOf,
  type ProgrammeRow,
  type TargetRow,
} from './store/programmes.ts';

/** A target set otherwise than the catalogue's, or one that the catalogue does not set. */
export interface OwnTarget {
  indicatorCode: string;
  value: number;
  operator: Operator;
  scope: 'whole' | 'each-county';
  dueOn?: string;
  clause?: string;
}

/** Whose programme is copied to which days and regions; `targets` replace the catalogue's of the same indicator. */
export interface ProgrammeCopy {
  catalogueId: string;
  name?: string;
  startsOn: string;
  endsOn: string;
  regionCodes: string[];
  targets: OwnTarget[];
}

interface CopyParts {
  db: Database;
  clock: Clock;
  regions: Regions;
}

/** Brings a programme of the catalogue to life in some regions. */
export function openCopying({ db, clock, regions }: CopyParts) {
  async function ensureRegions(codes: string[]): Promise<void> {
    for (const [index, code] of codes.entries()) {
      const path = `regionCodes.${index}`;
      const region = await regions.requireRegion(code, path);
      if (region.level !== 'county' && region.level !== 'prefecture')
        throw fieldError(path, 'level', 'A programme covers counties or a prefecture');
      if (codes.some((other, at) => at !== index && regionCovers(other, code)))
        throw fieldError(path, 'twice', 'The region is covered by another of the list');
    }
  }

  return {
    /** Copies a catalogue programme. Throws `programme.exists` when it runs in one of the regions on these days already. */
    async copyProgramme(caller: Caller, copy: ProgrammeCopy): Promise<{ id: string }> {
      const [actor] = copy.regionCodes.map((regionCode) =>
        actorWhoMay(caller, 'programme.copy', { regionCode }),
      );
      const original = CATALOGUE.find((one) => one.id === copy.catalogueId);
      if (!original) throw fieldError('catalogueId', 'unknown', 'The catalogue has no such programme');
      if (copy.endsOn <= copy.startsOn)
        throw fieldError('endsOn', 'ends-before-start', 'The end must come after the start');
      await ensureRegions(copy.regionCodes);
      const row: ProgrammeRow = {
        id: newId<'programme'>(),
        catalogueId: original.id,
        name: copy.name ?? original.name,
        document: original.document,
        startsOn: copy.startsOn,
        endsOn: copy.endsOn,
        stages: stagesOf(original, copy),
        createdAt: instant(clock.now()),
        createdBy: actor!.accountId,
      };
      await db.transaction(async (tx) => {
        const standing = await listProgrammesCopiedFrom(tx, original.id);
        const places = await listRegionsOf(
          tx,
          standing.map((one) => one.id),
        );
        if (standing.some((one) => isSameWork(one, places.get(one.id) ?? [], copy)))
          throw new HubError('programme.exists');
        await insertProgramme(tx, row, copy.regionCodes, targetsOf(row.id, original, copy));
        await audit(tx, clock, {
          actorAccountId: actor!.accountId,
          action: 'programme.copy',
          objectKind: 'programme',
          objectId: row.id,
          regionCode: copy.regionCodes[0],
          detail: { catalogueId: original.id },
        });
      });
      return { id: row.id };
    },
  };
}

function isSameWork(standing: ProgrammeRow, places: string[], copy: ProgrammeCopy): boolean {
  const sameDays = standing.startsOn <= copy.endsOn && copy.startsOn <= standing.endsOn;
  const samePlace = places.some((place) =>
    copy.regionCodes.some((code) => regionCovers(place, code) || regionCovers(code, place)),
  );
  return sameDays && samePlace;
}

function stagesOf(original: CatalogueProgramme, copy: ProgrammeCopy): ProgrammeRow['stages'] {
  return original.stages.map(({ name, startsOn, endsOn }) => ({
    name,
    startsOn: startsOn === null ? copy.startsOn : moveDay(startsOn, original, copy),
    endsOn: moveDay(endsOn, original, copy),
  }));
}

function targetsOf(programmeId: string, original: CatalogueProgramme, copy: ProgrammeCopy): TargetRow[] {
  const known = new Set(INDICATORS.map((one) => one.code));
  copy.targets.forEach((target, index) => {
    if (!known.has(target.indicatorCode))
      throw fieldError(`targets.${index}.indicatorCode`, 'unknown', 'There is no such indicator');
  });
  const own = new Map(copy.targets.map((target) => [target.indicatorCode, target]));
  const kept = original.targets.map((target) => {
    const mine = own.get(target.indicatorCode);
    own.delete(target.indicatorCode);
    return { programmeId, ...(mine ? ownRow(mine, copy, target) : copiedRow(target, original, copy)) };
  });
  return [...kept, ...[...own.values()].map((mine) => ({ programmeId, ...ownRow(mine, copy) }))];
}

function copiedRow(
  target: CatalogueTarget,
  original: CatalogueProgramme,
  copy: ProgrammeCopy,
): Omit<TargetRow, 'programmeId'> {
  return { ...target, dueOn: moveDay(target.dueOn, original, copy) };
}

function ownRow(
  mine: OwnTarget,
  copy: ProgrammeCopy,
  catalogue?: CatalogueTarget,
): Omit<TargetRow, 'programmeId'> {
  return {
    indicatorCode: mine.indicatorCode,
    scope: mine.scope,
    value: mine.value,
    valueByCounty: null,
    operator: mine.operator,
    clause: mine.clause ?? catalogue?.clause ?? '',
    note: catalogue?.note ?? null,
    dueOn: mine.dueOn ?? copy.endsOn,
  };
}
