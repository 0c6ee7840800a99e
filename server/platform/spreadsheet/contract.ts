/**
 * A cell as the file holds it. `text` is trimmed and in the narrow forms of NFKC; a date is its calendar day
 * (`2024-05-03`); a number has no exponent. `error`: `#N/A`, or a formula whose value was never kept.
 */
export interface Cell {
  kind: 'text' | 'number' | 'date' | 'error';
  text: string;
}

export const EMPTY_CELL: Cell = { kind: 'text', text: '' };

/** A row with the number that the person sees beside it. */
export interface SheetRow {
  number: number;
  cells: Cell[];
}

/** A sheet with its rows in order, blank ones left out. */
export interface Sheet {
  name: string;
  hidden: boolean;
  rows: SheetRow[];
}

/** What a table is read for: a column by its key and the headings under which offices write it. */
export interface ColumnNames {
  key: string;
  headings: readonly string[];
}

/** The table found in a file, without its rows. */
export interface TableHead {
  sheet: string;
  /** Sheets that were not read. */
  otherSheets: { name: string; hidden: boolean }[];
  /** The number of the row of headings. */
  headingRow: number;
  /** The headings by column; `''` over a column without one. */
  headings: string[];
  rowCount: number;
  /** Rows that say something about the table and are no rows of it: 填表人, 备注, the template's example. */
  remarkRows: number[];
}

/** The largest file that is taken. 50,000 rows of a roster are about 4 MB. */
export const LARGEST_FILE_BYTES = 16 * 1024 * 1024;

/** Why a file is not read. */
export const SPREADSHEET_FAULTS = [
  /** Neither xlsx nor text: told by what is in it, never by its name. */
  'not-a-spreadsheet',
  /** A spreadsheet, but xls, xlsb or ods. */
  'other-format',
  'encrypted',
  'macros',
  /** Larger than the bounds once unpacked, or packed tighter than any spreadsheet is. */
  'too-large',
  'too-many-rows',
  'damaged',
  'empty',
  'no-headings',
] as const;
export type SpreadsheetFault = (typeof SPREADSHEET_FAULTS)[number];

/** The one error of reading a spreadsheet. */
export class SpreadsheetError extends Error {
  readonly fault: SpreadsheetFault;
  readonly params: Record<string, string | number>;

  constructor(
    fault: SpreadsheetFault,
    detail: { params?: Record<string, string | number>; cause?: unknown } = {},
  ) {
    super(`The spreadsheet is refused: ${fault}`, { cause: detail.cause });
    this.name = 'SpreadsheetError';
    this.fault = fault;
    this.params = detail.params ?? {};
  }
}
