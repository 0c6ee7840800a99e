import { SpreadsheetError, type ColumnNames, type SheetRow, type TableHead } from './contract.ts';
import { readCsv } from './csv.ts';
import { chooseSheet, isRemark } from './headings.ts';
import type { ReadLimits } from './limits.ts';
import { sniffSpreadsheet } from './sniff.ts';
import { readXlsx } from './xlsx/read-xlsx.ts';

/** Finds the table in a file: the sheet, its headings and the rows below them. Throws {@link SpreadsheetError}. */
export async function readTable(
  bytes: Uint8Array,
  columns: readonly ColumnNames[],
  limits: ReadLimits,
): Promise<{ head: TableHead; rows: SheetRow[] }> {
  const sheets = sniffSpreadsheet(bytes) === 'csv' ? [readCsv(bytes, limits)] : await readXlsx(bytes, limits);
  const { sheet, headingIndex } = chooseSheet(sheets, columns);
  const below = sheet.rows.slice(headingIndex + 1);
  const rows = below.filter((row) => !isRemark(row));
  if (rows.length === 0) throw new SpreadsheetError('empty');
  const heading = sheet.rows[headingIndex]!;
  const head: TableHead = {
    sheet: sheet.name,
    otherSheets: sheets.filter((other) => other !== sheet).map(({ name, hidden }) => ({ name, hidden })),
    headingRow: heading.number,
    headings: heading.cells.map((cell) => cell.text),
    rowCount: rows.length,
    remarkRows: below.filter(isRemark).map((row) => row.number),
  };
  return { head, rows };
}
