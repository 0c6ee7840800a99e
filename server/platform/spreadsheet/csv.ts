import { parse } from 'csv-parse/sync';
import { plainText } from './cells.ts';
import { SpreadsheetError, type Sheet } from './contract.ts';
import { ensureRoom, LONGEST_CELL, type ReadLimits } from './limits.ts';
import { isUtf16 } from './sniff.ts';

const DELIMITERS = [',', '\t', ';'] as const;

/** Text in UTF-8 or UTF-16 with a mark, else in UTF-8 if it is, else in GB18030, which Excel writes in China. */
export function decodeText(bytes: Uint8Array): string {
  if (isUtf16(bytes)) return new TextDecoder('utf-16le').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return decodeGb18030(bytes);
  }
}

function decodeGb18030(bytes: Uint8Array): string {
  try {
    return new TextDecoder('gb18030', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new SpreadsheetError('not-a-spreadsheet', { cause: error });
  }
}

/** The one sheet of a CSV file; quotes that are not closed are `damaged`. */
export function readCsv(bytes: Uint8Array, limits: ReadLimits): Sheet {
  const text = decodeText(bytes);
  const rows: Sheet['rows'] = [];
  let number = 0;
  for (const record of records(text)) {
    number += 1;
    const cells = record.map((value) => ({
      kind: 'text' as const,
      text: plainText(value.slice(0, LONGEST_CELL)),
    }));
    if (cells.every((cell) => cell.text === '')) continue;
    ensureRoom(rows.length, limits);
    rows.push({ number, cells });
  }
  return { name: 'CSV', hidden: false, rows };
}

function records(text: string): string[][] {
  try {
    return parse(text, {
      delimiter: delimiterOf(text),
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: false,
      max_record_size: 1024 * 1024,
    });
  } catch (error) {
    throw new SpreadsheetError('damaged', { cause: error });
  }
}

/** The delimiter that the first lines use most: titles above a table have none. */
function delimiterOf(text: string): string {
  const sample = text.slice(0, 20_000);
  const counts = DELIMITERS.map((delimiter) => sample.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}
