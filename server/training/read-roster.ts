import {
  isIdNumber,
  normaliseIdNumber,
  normaliseName,
  normalisePhone,
  readAudiences,
} from '../identity/service.ts';
import type { RosterEntry } from '../identity/service.ts';
import type { CellFault, MappedRow } from '../platform/imports/contract.ts';
import { hasLostDigits, readDay } from '../platform/spreadsheet/cells.ts';
import { findPlace, type NamedPlace } from '../regions/service.ts';

/** A row of a list, read. */
export interface ReadEntry {
  row: number;
  entry: RosterEntry;
}

/** Where homes are looked up: the counties around the run, with their townships and villages. */
export interface Homes {
  /** The code of the place that holds the run: home of whoever the list says nothing of. */
  runRegionCode: string;
  runCountyCode: string;
  counties: readonly NamedPlace[];
  places: readonly NamedPlace[];
}

type Report = (column: string, rule: string, params?: CellFault['params']) => void;

/**
 * Reads every row of a list of people. A row that says the same as one above is that row again; one that says something
 * else under the same ID number is at fault.
 */
export function readRoster(
  rows: readonly MappedRow[],
  homes: Homes,
): { entries: ReadEntry[]; faults: CellFault[]; repeated: number } {
  const faults: CellFault[] = [];
  const entries: ReadEntry[] = [];
  const seen = new Map<string, ReadEntry>();
  let repeated = 0;
  for (const row of rows) {
    const before = faults.length;
    const report: Report = (column, rule, params) => faults.push({ row: row.number, column, rule, params });
    const entry = readEntry(row, homes, report);
    if (!entry || faults.length > before) continue;
    const key = entry.idNumber ?? `${entry.name} ${entry.phone}`;
    const first = seen.get(key);
    if (first === undefined) {
      const read = { row: row.number, entry };
      seen.set(key, read);
      entries.push(read);
    } else if (first.entry.name !== entry.name) report('idNumber', 'twice', { row: first.row });
    else repeated += 1;
  }
  return { entries, faults, repeated };
}

function readEntry(row: MappedRow, homes: Homes, report: Report): RosterEntry | undefined {
  for (const [column, cell] of Object.entries(row.cells))
    if (cell.kind === 'error') report(column, 'no-value');
  const text = (key: string) => row.cells[key]!.text;
  const name = normaliseName(text('name'));
  if (name === '') report('name', 'required');
  else if (name.length > 60) report('name', 'too_big');
  else if (!/\p{L}/u.test(name)) report('name', 'name');

  const idNumber = readIdNumber(row, report);
  const phone = text('phone') === '' ? undefined : normalisePhone(text('phone'));
  if (text('phone') !== '' && !phone)
    report('phone', hasLostDigits(row.cells.phone!) ? 'digits-lost' : 'phone');
  if (text('idNumber') === '' && text('phone') === '') report('idNumber', 'number-or-phone');

  const audiences = readAudiences(text('audience'));
  if (!audiences) report('audience', 'audience');
  const since = readDay(row.cells.since!) ?? null;
  if (text('since') !== '' && since === null) report('since', 'day');
  if (since !== null && audiences?.length === 0) report('audience', 'required');

  const homeRegionCode = readHome(row, homes, report);
  if (homeRegionCode === undefined) return undefined;
  return {
    ...{ name, idNumber, phone, homeRegionCode },
    audiences: (audiences ?? []).map((audience) => ({ name: audience, since })),
  };
}

function readIdNumber(row: MappedRow, report: Report): string | undefined {
  const cell = row.cells.idNumber!;
  if (cell.text === '') return undefined;
  const idNumber = normaliseIdNumber(cell.text);
  if (isIdNumber(idNumber)) return idNumber;
  // Saved to CSV by Excel, a float of 18 digits ends in three zeros.
  if (hasLostDigits(cell) || /^\d{15}000$/.test(idNumber)) report('idNumber', 'digits-lost');
  else report('idNumber', /^\d{17}[\dX]$/.test(idNumber) ? 'id-checksum' : 'id-number');
  return undefined;
}

/**
 * The village, else the township, else the county that a row names, within what the list says around it. In a county
 * whose villages the hub does not know, the county is as near as it gets.
 */
function readHome(row: MappedRow, homes: Homes, report: Report): string | undefined {
  const text = (key: string) => row.cells[key]!.text;
  const look = (column: string, places: readonly NamedPlace[]): NamedPlace | undefined => {
    const found = findPlace(places, text(column));
    if (typeof found === 'object') return found;
    report(column, found === 'unknown' ? 'unknown-place' : 'ambiguous-place');
    return undefined;
  };

  const county = text('county') === '' ? homes.runCountyCode : look('county', homes.counties)?.code;
  if (county === undefined) return undefined;
  const inCounty = homes.places.filter((place) => place.code.startsWith(county));
  if (inCounty.length === 0) return county;
  const townships = inCounty.filter((place) => place.code.length === 9);
  const villages = inCounty.filter((place) => place.code.length === 12);
  const township = text('township') === '' ? undefined : look('township', townships);
  if (text('township') !== '' && !township) return undefined;
  if (text('village') !== '')
    return look('village', township ? villages.filter((one) => one.parentCode === township.code) : villages)
      ?.code;
  return township?.code ?? (text('county') === '' ? homes.runRegionCode : county);
}
