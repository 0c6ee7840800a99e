import type { Cell } from './contract.ts';

/** Digits beyond these are gone once Excel has held a number. */
const EXACT_DIGITS = 15;
const DAY_MS = 86_400_000;
/** Serials between 1930 and 2100 are taken for days; other numbers are numbers. */
const FIRST_SERIAL = 10_959;
const LAST_SERIAL = 73_050;

/** Text as it is compared: NFKC, without marks that nobody sees, line breaks and the apostrophe that says "this is text". */
export function plainText(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\u200B-\u200F\u202A-\u202E\u2060\uFEFF]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^['‘’`]+(?=[\dXx])/, '');
}

/** A number as people write it: `1.3812345678E10` is `13812345678`. */
export function numberText(raw: string): string {
  const value = Number(raw);
  if (raw.trim() === '' || !Number.isFinite(value)) return raw.trim();
  return Number.isInteger(value) ? BigInt(value).toString() : String(value);
}

/** True for a long number that Excel has held as a number: its last digits are no longer what was typed. */
export function hasLostDigits({ kind, text }: Cell): boolean {
  if (/^\d(\.\d+)?E\+?\d+$/i.test(text)) return true;
  return kind === 'number' && text.replace(/\D/g, '').length > EXACT_DIGITS;
}

/** The calendar day of an Excel serial. */
export function dayOfSerial(serial: number, since1904 = false): string {
  const days = Math.floor(serial) + (since1904 ? 1462 : 0);
  // Excel counts 29 February 1900, which never was.
  return new Date(Date.UTC(1899, 11, days < 61 ? 31 : 30) + days * DAY_MS).toISOString().slice(0, 10);
}

/**
 * The calendar day a cell means: a date, a serial, `2024-5-3`, `2024/5/3`, `2024.5.3`, `20240503`, `2024年5月3日`;
 * `2024年5月` and `2024-05` are its first day. Undefined for anything else and for days that are none.
 */
export function readDay({ kind, text }: Cell): string | undefined {
  if (kind === 'date') return text;
  if (/^\d{5}(\.\d+)?$/.test(text)) {
    const serial = Number(text);
    return serial >= FIRST_SERIAL && serial <= LAST_SERIAL ? dayOfSerial(serial) : undefined;
  }
  const written =
    /^((?:19|20)\d\d)(\d\d)(\d\d)$/.exec(text) ??
    /^(\d{4})\s?[-/.年]\s?(\d{1,2})(?:\s?[-/.月]\s?(\d{1,2})\s?日?|\s?月)?(?:[ T]\d{1,2}:\d\d(?::\d\d)?)?$/.exec(
      text,
    );
  if (!written) return undefined;
  const [, year, month, date = '1'] = written;
  const day = `${year}-${month!.padStart(2, '0')}-${date.padStart(2, '0')}`;
  const at = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day) ? day : undefined;
}
