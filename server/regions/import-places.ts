import { regionCovers, subtreePrefix } from '../platform/access/actor.ts';
import { actorWhoMay } from '../platform/access/decide.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/open.ts';
import type { CellFault, ImportColumn, ImportKind, MappedRow } from '../platform/imports/contract.ts';
import { slicesOf } from '../platform/slices.ts';
import { hasLostDigits, readDay } from '../platform/spreadsheet/cells.ts';
import { findRegion, listRegionRows, updateRegion, upsertRegions, type RegionRow } from './store.ts';
import { HubError } from '../platform/errors.ts';

const COLUMNS: readonly ImportColumn[] = [
  {
    key: 'township',
    headings: ['乡镇', '乡镇名称', '乡(镇)', '街道'],
    required: true,
    example: '勐戛镇',
    width: 18,
  },
  { key: 'townshipCode', headings: ['乡镇代码'], required: false, example: '533103104', width: 16 },
  {
    key: 'village',
    headings: ['行政村', '村', '村名', '村名称', '村委会', '社区'],
    required: true,
    example: '三角岩村委会',
    width: 22,
  },
  {
    key: 'villageCode',
    headings: ['行政村代码', '村代码', '统计用区划代码', '区划代码'],
    required: true,
    example: '533103104201',
    width: 20,
  },
  {
    key: 'outOfPoverty',
    headings: ['脱贫村', '是否脱贫村'],
    required: false,
    example: '是',
    width: 12,
    choices: ['是', '否'],
  },
  {
    key: 'outOfPovertyOn',
    headings: ['脱贫日期', '脱贫时间', '出列时间'],
    required: false,
    example: '2018年12月',
    width: 16,
  },
];

/** What an import of places would do. */
export interface PlacesPlan {
  added: RegionRow[];
  changed: { code: string; change: Partial<RegionRow> }[];
}

interface ReadPlace {
  row: number;
  township: string;
  townshipCode: string;
  village: string;
  code: string;
  outOfPoverty: boolean | undefined;
  outOfPovertyOn: string | null;
}

const ROWS_AN_INSERT = 100;
const UPDATES_A_SLICE = 40;
const YES = ['是', '√', '有', '1', 'Y', 'y'];
const NO = ['否', '×', '无', '0', 'N', 'n', ''];

/** Townships and villages of a county or prefecture from a spreadsheet, by their statistical codes. */
export function placeImport({ db, clock }: { db: Database; clock: Clock }): ImportKind<PlacesPlan> {
  return {
    kind: 'regions',
    columns: COLUMNS,

    async admit(caller, target) {
      const actor = actorWhoMay(caller, 'region.add', { regionCode: target });
      const region = await findRegion(db, target);
      if (!region || region.level === 'township' || region.level === 'village')
        throw new HubError('not-found');
      return { actor, regionCode: target };
    },

    async judge(rows, { target }) {
      const known = await listRegionRows(db, { prefix: subtreePrefix(target) });
      const byCode = new Map(known.map((region) => [region.code, region]));
      const { places, faults } = readPlaces(rows, target, byCode);
      const plan = planPlaces(places, byCode, instant(clock.now()));
      const figures = {
        townshipsAdded: plan.added.filter((region) => region.level === 'township').length,
        villagesAdded: plan.added.filter((region) => region.level === 'village').length,
        changed: plan.changed.length,
      };
      return { faults, figures, plan };
    },

    async carryOut(tx, plan) {
      for await (const slice of slicesOf(plan.added, ROWS_AN_INSERT)) await upsertRegions(tx, slice);
      for await (const slice of slicesOf(plan.changed, UPDATES_A_SLICE))
        for (const { code, change } of slice) await updateRegion(tx, code, change);
      return { added: plan.added.length, changed: plan.changed.length };
    },
  };
}

/** Reads each row; a row at fault is not among the places. */
function readPlaces(
  rows: readonly MappedRow[],
  target: string,
  known: ReadonlyMap<string, RegionRow>,
): { places: ReadPlace[]; faults: CellFault[] } {
  const places: ReadPlace[] = [];
  const faults: CellFault[] = [];
  const rowOfCode = new Map<string, number>();
  const nameOfTownship = new Map<string, { name: string; row: number }>();
  for (const row of rows) {
    const faultsBefore = faults.length;
    const fault = (column: string, rule: string, params?: CellFault['params']) =>
      faults.push({ row: row.number, column, rule, params });
    const text = (key: string) => row.cells[key]!.text;

    for (const key of ['township', 'village'] as const)
      if (text(key) === '') fault(key, 'required');
      else if (text(key).length > 40) fault(key, 'too_big');
    const code = text('villageCode').replace(/\s/g, '');
    const townshipCode = code.slice(0, 9);
    if (code === '') fault('villageCode', 'required');
    else if (hasLostDigits(row.cells.villageCode!)) fault('villageCode', 'digits-lost');
    else if (!/^\d{12}$/.test(code)) fault('villageCode', 'region-digits');
    else if (!regionCovers(target, code)) fault('villageCode', 'outside-region');
    else if (!known.has(code.slice(0, 6))) fault('villageCode', 'unknown-county');
    else if (rowOfCode.has(code)) fault('villageCode', 'twice', { row: rowOfCode.get(code)! });
    const givenTownship = text('townshipCode')
      .replace(/\s/g, '')
      .replace(/^(\d{9})0{3}$/, '$1');
    if (givenTownship !== '' && givenTownship !== townshipCode) fault('townshipCode', 'prefix');
    const named = nameOfTownship.get(townshipCode);
    if (named && named.name !== text('township')) fault('township', 'differs', { row: named.row });

    const outOfPoverty = readYes(text('outOfPoverty'));
    if (outOfPoverty === 'neither') fault('outOfPoverty', 'yes-or-no');
    const day = readDay(row.cells.outOfPovertyOn!);
    if (text('outOfPovertyOn') !== '' && day === undefined) fault('outOfPovertyOn', 'day');

    if (faults.length > faultsBefore) continue;
    rowOfCode.set(code, row.number);
    nameOfTownship.set(townshipCode, named ?? { name: text('township'), row: row.number });
    places.push({
      row: row.number,
      township: text('township'),
      townshipCode,
      village: text('village'),
      code,
      outOfPoverty: outOfPoverty === 'neither' ? undefined : outOfPoverty,
      outOfPovertyOn: day ?? null,
    });
  }
  return { places, faults };
}

function readYes(text: string): boolean | undefined | 'neither' {
  if (text === '') return undefined;
  if (YES.includes(text)) return true;
  return NO.includes(text) ? false : 'neither';
}

/** What is new and what differs. A village of which the list says nothing about poverty keeps what is known. */
function planPlaces(
  places: readonly ReadPlace[],
  known: ReadonlyMap<string, RegionRow>,
  createdAt: string,
): PlacesPlan {
  const plan: PlacesPlan = { added: [], changed: [] };
  const townships = new Set<string>();
  const put = (next: RegionRow) => {
    const now = known.get(next.code);
    if (!now) return plan.added.push(next);
    const change: Partial<RegionRow> = {};
    if (now.name !== next.name) change.name = next.name;
    if (now.outOfPoverty !== next.outOfPoverty) change.outOfPoverty = next.outOfPoverty;
    if (now.outOfPovertyOn !== next.outOfPovertyOn) change.outOfPovertyOn = next.outOfPovertyOn;
    if (Object.keys(change).length > 0) plan.changed.push({ code: next.code, change });
    return undefined;
  };
  for (const place of places) {
    const { townshipCode, code } = place;
    if (!townships.has(townshipCode)) {
      townships.add(townshipCode);
      put({
        ...{ code: townshipCode, name: place.township, level: 'township', parentCode: code.slice(0, 6) },
        ...{ createdAt, outOfPoverty: false, outOfPovertyOn: null },
      });
    }
    const now = known.get(code);
    const outOfPoverty =
      place.outOfPoverty ?? (place.outOfPovertyOn !== null || (now?.outOfPoverty ?? false));
    put({
      ...{ code, name: place.village, level: 'village', parentCode: townshipCode, createdAt, outOfPoverty },
      outOfPovertyOn: outOfPoverty ? (place.outOfPovertyOn ?? now?.outOfPovertyOn ?? null) : null,
    });
  }
  return plan;
}
