import { dayOfSerial, numberText, plainText } from '../cells.ts';
import { EMPTY_CELL, SpreadsheetError, type Cell, type SheetRow } from '../contract.ts';
import { ensureRoom, LONGEST_CELL, MOST_CHARACTERS, MOST_COLUMNS, type ReadLimits } from '../limits.ts';
import type { PackageParts } from './package-parts.ts';
import { readXml } from './read-xml.ts';
import { unescape } from './shared-strings.ts';

/** What cells of a workbook are read with. */
export interface CellContext {
  strings: readonly string[];
  dateStyles: readonly boolean[];
  since1904: boolean;
}

interface Merge {
  column: number;
  top: number;
  bottom: number;
}

/** Far more merges than a sheet that people made by hand has. */
const MOST_MERGES = 100_000;

/** The rows of one sheet that are not blank. Cells merged downwards all have the value of the uppermost. */
export async function readWorksheet(
  parts: PackageParts,
  path: string,
  context: CellContext,
  limits: ReadLimits,
): Promise<SheetRow[]> {
  const rows: SheetRow[] = [];
  const merges: Merge[] = [];
  let characters = 0;
  let row: SheetRow = { number: 0, cells: [] };
  let cell = { column: -1, type: 'n', style: 0, value: '', formula: false };
  let reading = false;

  await readXml(parts.text(path), {
    open(name, attributes) {
      if (name === 'row') {
        row = { number: Number(attributes.r ?? row.number + 1), cells: [] };
        cell.column = -1;
      } else if (name === 'c') {
        const column = attributes.r === undefined ? cell.column + 1 : columnOf(attributes.r);
        cell = {
          column,
          type: attributes.t ?? 'n',
          style: Number(attributes.s ?? 0),
          value: '',
          formula: false,
        };
      } else if (name === 'v' || name === 't') reading = true;
      else if (name === 'f') cell.formula = true;
      else if (name === 'rPh') reading = false;
      else if (name === 'mergeCell') addMerge(merges, attributes.ref ?? '');
    },
    text(piece) {
      if (reading && cell.value.length < LONGEST_CELL) cell.value += piece;
    },
    close(name) {
      if (name === 'v' || name === 't') reading = false;
      else if (name === 'c') {
        if (cell.column < 0 || cell.column >= MOST_COLUMNS) return;
        const read = readCell(cell, context);
        if (read.text === '') return;
        characters += read.text.length;
        if (characters > MOST_CHARACTERS) throw new SpreadsheetError('too-large');
        while (row.cells.length < cell.column) row.cells.push(EMPTY_CELL);
        row.cells[cell.column] = read;
      } else if (name === 'row' && row.cells.length > 0) {
        ensureRoom(rows.length, limits);
        rows.push(row);
      }
    },
  });
  fillMerged(rows, merges);
  return rows;
}

/** `BC12` is column 54, counted from 0. */
function columnOf(reference: string): number {
  let column = 0;
  for (const character of reference) {
    const letter = character.charCodeAt(0) - 64;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  return column - 1;
}

function readCell(
  cell: { type: string; style: number; value: string; formula: boolean },
  { strings, dateStyles, since1904 }: CellContext,
): Cell {
  const { value } = cell;
  if (cell.formula && value === '' && cell.type !== 'str') return { kind: 'error', text: '#VALUE' };
  switch (cell.type) {
    case 's':
      return { kind: 'text', text: strings[Number(value)] ?? '' };
    case 'e':
      return { kind: 'error', text: value };
    case 'd':
      return { kind: 'date', text: value.slice(0, 10) };
    case 'n':
      if (value === '') return EMPTY_CELL;
      return dateStyles[cell.style] && Number(value) >= 1 && Number(value) < 2_958_466
        ? { kind: 'date', text: dayOfSerial(Number(value), since1904) }
        : { kind: 'number', text: numberText(value) };
    default:
      return { kind: 'text', text: plainText(unescape(value)) };
  }
}

function addMerge(merges: Merge[], reference: string): void {
  const match = /^([A-Z]+)(\d+):[A-Z]+(\d+)$/.exec(reference);
  if (!match) return;
  const [column, top, bottom] = [columnOf(match[1]!), Number(match[2]), Number(match[3])];
  if (bottom <= top || column >= MOST_COLUMNS) return;
  if (merges.length >= MOST_MERGES) throw new SpreadsheetError('too-large');
  merges.push({ column, top, bottom });
}

function fillMerged(rows: readonly SheetRow[], merges: readonly Merge[]): void {
  if (merges.length === 0) return;
  const byNumber = new Map(rows.map((row) => [row.number, row]));
  const last = rows.at(-1)?.number ?? 0;
  for (const { column, top, bottom } of merges) {
    const value = byNumber.get(top)?.cells[column];
    if (!value) continue;
    for (let number = top + 1; number <= Math.min(bottom, last); number += 1) {
      const row = byNumber.get(number);
      if (!row) continue;
      while (row.cells.length <= column) row.cells.push(EMPTY_CELL);
      row.cells[column] = value;
    }
  }
}
