import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const TYPE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** A cell of a test's sheet: text, a number as Excel keeps it, or the XML of what stands in `<row>`. */
export type TestCell = string | number | { xml: (reference: string) => string } | null;

export interface TestSheet {
  name?: string;
  state?: 'hidden' | 'veryHidden';
  rows: readonly (readonly TestCell[])[];
  merges?: readonly string[];
}

/** A day as Excel keeps it: a serial in a cell of style 1, which the test workbooks show as a day. */
export const serial = (value: number): TestCell => ({
  xml: (at) => `<c r="${at}" s="1"><v>${value}</v></c>`,
});
/** A formula with the value it had when the file was saved; without one it was never calculated. */
export const formula = (text: string, value?: string): TestCell => ({
  xml: (at) =>
    value === undefined
      ? `<c r="${at}"><f>${text}</f></c>`
      : `<c r="${at}" t="str"><f>${text}</f><v>${value}</v></c>`,
});

/** The same file each time. */
const SAVED_AT = new Date(Date.UTC(2026, 0, 1));

/** A package of these parts, as a bad program might write it. */
export async function zipOf(parts: Record<string, string | Buffer>): Promise<Uint8Array<ArrayBuffer>> {
  const zip = new ZipFile();
  for (const [path, content] of Object.entries(parts))
    zip.addBuffer(Buffer.from(content as string), path, { mtime: SAVED_AT });
  zip.end();
  return new Uint8Array(await buffer(zip.outputStream));
}

/** The parts of a workbook, to be spoilt before they are packed. */
export function partsOfWorkbook(sheets: readonly TestSheet[]): Record<string, string> {
  const places = new Map<string, number>();
  const shared = (text: string) => {
    if (!places.has(text)) places.set(text, places.size);
    return places.get(text)!;
  };
  const parts: Record<string, string> = {
    '[Content_Types].xml':
      '<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
    '_rels/.rels': `<Relationships><Relationship Id="rId1" Type="${TYPE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${TYPE}"><sheets>${sheets.map(({ name, state }, at) => `<sheet name="${name ?? `Sheet${at + 1}`}" sheetId="${at + 1}" ${state ? `state="${state}"` : ''} r:id="rId${at + 1}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${sheets.map((_, at) => `<Relationship Id="rId${at + 1}" Type="${TYPE}/worksheet" Target="worksheets/sheet${at + 1}.xml"/>`).join('')}<Relationship Id="rId90" Type="${TYPE}/styles" Target="/xl/styles.xml"/><Relationship Id="rId91" Type="${TYPE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
    'xl/styles.xml': `<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/></numFmts><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="176"/></cellXfs></styleSheet>`,
  };
  sheets.forEach(({ rows, merges = [] }, at) => {
    const lines = rows.map((cells, row) => {
      const written = cells.map((cell, column) => {
        const reference = `${letterOf(column)}${row + 1}`;
        if (cell === null) return '';
        if (typeof cell === 'number') return `<c r="${reference}"><v>${cell}</v></c>`;
        if (typeof cell === 'object') return cell.xml(reference);
        return `<c r="${reference}" t="s"><v>${shared(cell)}</v></c>`;
      });
      return `<row r="${row + 1}">${written.join('')}</row>`;
    });
    const merged =
      merges.length === 0
        ? ''
        : `<mergeCells>${merges.map((ref) => `<mergeCell ref="${ref}"/>`).join('')}</mergeCells>`;
    parts[`xl/worksheets/sheet${at + 1}.xml`] =
      `<worksheet xmlns="${MAIN}"><sheetData>${lines.join('')}</sheetData>${merged}</worksheet>`;
  });
  parts['xl/sharedStrings.xml'] =
    `<sst xmlns="${MAIN}">${[...places.keys()].map((text) => `<si><t xml:space="preserve">${escape(text)}</t><rPh sb="0" eb="1"><t>pinyin</t></rPh></si>`).join('')}</sst>`;
  return parts;
}

/** An xlsx file as offices have them. */
export function xlsxOf(...sheets: TestSheet[]): Promise<Uint8Array<ArrayBuffer>> {
  return zipOf(partsOfWorkbook(sheets));
}

function letterOf(column: number): string {
  return column < 26
    ? String.fromCharCode(65 + column)
    : letterOf(Math.floor(column / 26) - 1) + letterOf(column % 26);
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
