import { SpreadsheetError } from './contract.ts';

const ZIP = [0x50, 0x4b, 0x03, 0x04];
/** The compound files of old Excel, which also wrap every xlsx with a password. */
const COMPOUND = [0xd0, 0xcf, 0x11, 0xe0];
/** Pictures, PDF and packers that people send by mistake hold such bytes within their first ones; text never does. */
const LOOKED_AT_BYTES = 4096;

/** What a file is by its content. Throws `encrypted`, `other-format`, `not-a-spreadsheet` or `empty`. */
export function sniffSpreadsheet(bytes: Uint8Array): 'xlsx' | 'csv' {
  if (bytes.length === 0) throw new SpreadsheetError('empty');
  if (beginsWith(bytes, ZIP)) return 'xlsx';
  if (beginsWith(bytes, COMPOUND))
    throw new SpreadsheetError(
      Buffer.from(bytes).includes(Buffer.from('EncryptedPackage', 'utf16le')) ? 'encrypted' : 'other-format',
    );
  if (!isText(bytes.subarray(0, LOOKED_AT_BYTES))) throw new SpreadsheetError('not-a-spreadsheet');
  return 'csv';
}

function beginsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((byte, at) => bytes[at] === byte);
}

function isText(bytes: Uint8Array): boolean {
  if (isUtf16(bytes)) return true;
  if (Buffer.from(bytes.subarray(0, 5)).toString('latin1') === '%PDF-') return false;
  // Tabs, line ends and form feeds are the only control characters in text; GB18030 uses none below 0x30.
  return bytes.every(
    (byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0c || byte === 0x0d,
  );
}

/** True for UTF-16 with its mark, little endian: Excel's 「Unicode 文本」. */
export function isUtf16(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xfe;
}
