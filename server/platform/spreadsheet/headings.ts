import { plainText } from './cells.ts';
import { SpreadsheetError, type ColumnNames, type Sheet, type SheetRow } from './contract.ts';

/** Titles, units and dates stand above the headings; nobody writes more of them. */
const LOOKED_AT_ROWS = 30;
const REMARK = /^[(（]?(示例|例如|例:|填表|制表|审核|经办|负责人签|备注|说明|注:|合计|总计|共计)/;

/** Which column each key is read from, by its place from the left. */
export type Mapping = Record<string, number>;

/** A heading as it is compared: without spaces, stars, colons and what stands in brackets. */
export function plainHeading(text: string): string {
  return plainText(text)
    .replace(/[(【[].*?[)】\]]/g, '')
    .replace(/[\s*:：、]/g, '')
    .toLowerCase();
}

/** Proposes a column for each key: an equal heading first, then one that holds a known word. Each column serves one key. */
export function proposeMapping(headings: readonly string[], columns: readonly ColumnNames[]): Mapping {
  const plain = headings.map(plainHeading);
  const mapping: Mapping = {};
  const taken = new Set<number>();
  const assign = (fits: (heading: string, known: string) => boolean) => {
    for (const { key, headings: known } of columns) {
      if (key in mapping) continue;
      const at = plain.findIndex(
        (heading, index) =>
          heading !== '' && !taken.has(index) && known.some((name) => fits(heading, plainHeading(name))),
      );
      if (at < 0) continue;
      mapping[key] = at;
      taken.add(at);
    }
  };
  assign((heading, known) => heading === known);
  assign((heading, known) => heading.includes(known));
  return mapping;
}

/** Where the headings of a sheet stand: the row in which most columns are known, the lower of two alike. */
export function findHeadings(
  sheet: Sheet,
  columns: readonly ColumnNames[],
): { index: number; known: number } | undefined {
  let best: { index: number; known: number } | undefined;
  sheet.rows.slice(0, LOOKED_AT_ROWS).forEach((row, index) => {
    const known = Object.keys(
      proposeMapping(
        row.cells.map((cell) => cell.text),
        columns,
      ),
    ).length;
    if (known > 0 && known >= (best?.known ?? 0)) best = { index, known };
  });
  return best;
}

/** The sheet to read: the visible one that knows most columns. Throws `no-headings` or `empty`. */
export function chooseSheet(
  sheets: readonly Sheet[],
  columns: readonly ColumnNames[],
): { sheet: Sheet; headingIndex: number } {
  const visible = sheets.filter((sheet) => !sheet.hidden && sheet.rows.length > 0);
  if (visible.length === 0) throw new SpreadsheetError('empty');
  const found = visible
    .map((sheet) => ({ sheet, heading: findHeadings(sheet, columns) }))
    .reduce((best, next) => ((next.heading?.known ?? 0) > (best.heading?.known ?? 0) ? next : best));
  if (!found.heading)
    throw new SpreadsheetError('no-headings', {
      params: { columns: columns.map((c) => c.headings[0]!).join('、') },
    });
  return { sheet: found.sheet, headingIndex: found.heading.index };
}

/** True for a row that speaks about the table: 填表人：… in one cell, or the example of a template. */
export function isRemark({ cells }: SheetRow): boolean {
  const filled = cells.filter((cell) => cell.text !== '');
  return (
    filled.some((cell) => /^[(（]?示例/.test(cell.text)) ||
    (filled.length <= 2 && REMARK.test(filled[0]?.text ?? ''))
  );
}
