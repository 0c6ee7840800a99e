import { instant } from '../clock.ts';
import type { TableHead } from '../spreadsheet/contract.ts';
import type { Mapping } from '../spreadsheet/headings.ts';
import type { ImportKind, Judgement } from './contract.ts';
import { mapRow, type KeptRow } from './rows.ts';
import type { ImportRecord } from './store.ts';

/** So many rows at fault are shown at once; the count says how many there are. */
const ROWS_SHOWN = 50;

/** A row at fault, or left out, with what stands in it: shown to the person who sent it, so that they can mend it. */
export interface ShownRow {
  number: number;
  skipped: boolean;
  cells: Record<string, string>;
  faults: { column: string; rule: string; params: Record<string, string | number> }[];
}

/** An import as the person who imports sees it. */
export interface ImportView {
  id: string;
  kind: ImportRecord['kind'];
  target: string;
  state: 'draft' | 'done';
  sheet: string;
  otherSheets: TableHead['otherSheets'];
  headingRow: number;
  headings: string[];
  remarkRows: number[];
  columns: { key: string; required: boolean; choices: readonly string[] }[];
  mapping: Mapping;
  rowCount: number;
  skippedRows: number[];
  faultCount: number;
  /** Rows with a fault; `rows` shows the first of them. */
  faultRowCount: number;
  rows: ShownRow[];
  figures: Record<string, number>;
  /** When a draft is forgotten. */
  expiresAt: string;
  doneAt: string | null;
  result: Record<string, number> | null;
}

export function viewImport(
  record: ImportRecord,
  kind: ImportKind,
  judged: { rows: readonly KeptRow[]; judgement: Judgement<unknown> } | undefined,
  expiresAtMs: number,
): ImportView {
  const head = record.head as TableHead;
  const { mapping } = record;
  const faults = judged?.judgement.faults ?? [];
  const faultsByRow = Map.groupBy(faults, (fault) => fault.row);
  const atFault = (judged?.rows ?? []).filter((row) => faultsByRow.has(row.number));
  const textsOf = (row: KeptRow) =>
    Object.fromEntries(
      Object.entries(mapRow(row, kind.columns, mapping).cells).map(([key, cell]) => [key, cell.text]),
    );
  return {
    id: record.id,
    kind: record.kind,
    target: record.target,
    state: record.state === 'done' ? 'done' : 'draft',
    sheet: head.sheet,
    otherSheets: head.otherSheets,
    headingRow: head.headingRow,
    headings: head.headings,
    remarkRows: head.remarkRows,
    columns: kind.columns.map(({ key, required, choices = [] }) => ({ key, required, choices })),
    mapping,
    rowCount: head.rowCount,
    skippedRows: (judged?.rows ?? []).filter((row) => row.skipped).map((row) => row.number),
    faultCount: faults.length,
    faultRowCount: faultsByRow.size,
    rows: atFault.slice(0, ROWS_SHOWN).map((row) => ({
      number: row.number,
      skipped: row.skipped,
      cells: textsOf(row),
      faults: faultsByRow.get(row.number)!.map(({ column, rule, params = {} }) => ({ column, rule, params })),
    })),
    figures: judged?.judgement.figures ?? {},
    expiresAt: instant(expiresAtMs),
    doneAt: record.doneAt,
    result: record.result,
  };
}
