import { SpreadsheetError } from './contract.ts';

/** Bounds within which a file is read, so that none takes the machine. */
export interface ReadLimits {
  /** Rows that are not blank. */
  rows: number;
  /** What the parts that are read may hold once unpacked, together. */
  inflatedBytes: number;
  /** Time the reading itself may take, in ms; not that in which its rows are used. */
  readingMs: number;
}

/** Excel keeps no longer text in a cell. */
export const LONGEST_CELL = 32_767;
/** Cells to the right of these are not read: rosters are narrow. */
export const MOST_COLUMNS = 200;
/** All text of the rows together. */
export const MOST_CHARACTERS = 48_000_000;

/** 50,000 rows take two seconds; what takes a minute was made to. */
export const READ_LIMITS: ReadLimits = {
  rows: 50_100,
  inflatedBytes: 256 * 1024 * 1024,
  readingMs: 60_000,
};

/** Throws `too-many-rows` before row `count + 1` is kept. */
export function ensureRoom(count: number, limits: ReadLimits): void {
  if (count >= limits.rows) throw new SpreadsheetError('too-many-rows', { params: { rows: limits.rows } });
}
