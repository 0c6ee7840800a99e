import { EMPTY_CELL, type Cell, type SheetRow } from '../spreadsheet/contract.ts';
import type { Mapping } from '../spreadsheet/headings.ts';
import type { Vault } from '../vault.ts';
import type { ImportColumn, MappedRow } from './contract.ts';
import type { ImportRowRecord } from './store.ts';

/** A row as it was read, or mended since. */
export interface KeptRow extends SheetRow {
  skipped: boolean;
}

const PURPOSE = 'import.row';

/** A row as it is kept: a list of people, so sealed. */
export function sealRow(vault: Vault, importId: string, { number, cells }: SheetRow): ImportRowRecord {
  return { importId, number, cellsSealed: vault.seal(PURPOSE, JSON.stringify(cells)), skipped: false };
}

export function openRow(vault: Vault, { number, cellsSealed, skipped }: ImportRowRecord): KeptRow {
  return { number, cells: JSON.parse(vault.open(PURPOSE, cellsSealed)) as Cell[], skipped };
}

/** The cells of a row under the keys of the columns. */
export function mapRow(
  { number, cells }: SheetRow,
  columns: readonly ImportColumn[],
  mapping: Mapping,
): MappedRow {
  return {
    number,
    cells: Object.fromEntries(
      columns.map(({ key }) => {
        const at = mapping[key];
        return [key, (at === undefined ? undefined : cells[at]) ?? EMPTY_CELL];
      }),
    ),
  };
}
