import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

/** A sheet to write: headings in the first row, then rows of text. */
export interface NewSheet {
  name: string;
  columns: {
    heading: string;
    /** In characters, as Excel counts them. */
    width: number;
    /** What may be chosen from a list in this column. */
    choices?: readonly string[];
  }[];
  rows: readonly (readonly string[])[];
}

/** Rows below which the choices are offered. */
const CHOICE_ROWS = 5001;
const HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const CONTENT = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/**
 * An xlsx file of one sheet, every cell as text so that numbers keep their digits. Choices lie in a hidden sheet, for a list
 * in the rule itself may hold 255 characters only.
 */
export async function writeXlsx(sheet: NewSheet): Promise<Buffer> {
  const zip = new ZipFile();
  // The same file each time: caches and tests can compare it.
  const mtime = new Date(Date.UTC(2026, 0, 1));
  for (const [path, xml] of Object.entries(partsOf(sheet)))
    zip.addBuffer(Buffer.from(HEADER + xml), path, { mtime });
  zip.end();
  return buffer(zip.outputStream);
}

function partsOf(sheet: NewSheet): Record<string, string> {
  const choices = sheet.columns.flatMap(({ choices }, column) => (choices ? [{ column, choices }] : []));
  const overrides = [
    ['/xl/workbook.xml', `${CONTENT}.sheet.main+xml`],
    ['/xl/styles.xml', `${CONTENT}.styles+xml`],
    ['/xl/worksheets/sheet1.xml', `${CONTENT}.worksheet+xml`],
    ['/xl/worksheets/sheet2.xml', `${CONTENT}.worksheet+xml`],
  ];
  return {
    '[Content_Types].xml': `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${overrides.map(([name, type]) => `<Override PartName="${name}" ContentType="${type}"/>`).join('')}</Types>`,
    '_rels/.rels': relations([['officeDocument', 'xl/workbook.xml']]),
    'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets><sheet name="${escape(sheet.name)}" sheetId="1" r:id="rId1"/><sheet name="选项" sheetId="2" state="hidden" r:id="rId2"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations([
      ['worksheet', 'worksheets/sheet1.xml'],
      ['worksheet', 'worksheets/sheet2.xml'],
      ['styles', 'styles.xml'],
    ]),
    // Style 1: text (format 49). Style 2: a heading.
    'xl/styles.xml': `<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="等线"/></font><font><b/><sz val="11"/><name val="等线"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf numFmtId="49" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" applyNumberFormat="1" applyFont="1"/></cellXfs></styleSheet>`,
    'xl/worksheets/sheet1.xml': mainSheet(sheet, choices),
    'xl/worksheets/sheet2.xml': choiceSheet(choices),
  };
}

type Choices = { column: number; choices: readonly string[] }[];

function mainSheet({ columns, rows }: NewSheet, choices: Choices): string {
  const widths = columns.map(
    ({ width }, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" style="1" customWidth="1"/>`,
  );
  const lines = [columns.map((column) => column.heading), ...rows].map((cells, at) =>
    rowXml(at + 1, cells, at === 0 ? 2 : 1),
  );
  const rules = choices.map(({ column, choices: list }) => {
    const [where, from] = [letterOf(column), letterOf(column)];
    return `<dataValidation type="list" allowBlank="1" sqref="${where}2:${where}${CHOICE_ROWS}"><formula1>选项!$${from}$1:$${from}$${list.length}</formula1></dataValidation>`;
  });
  const validations =
    rules.length === 0 ? '' : `<dataValidations count="${rules.length}">${rules.join('')}</dataValidations>`;
  return `<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView></sheetViews><cols>${widths.join('')}</cols><sheetData>${lines.join('')}</sheetData>${validations}</worksheet>`;
}

function choiceSheet(choices: Choices): string {
  const height = Math.max(0, ...choices.map(({ choices: list }) => list.length));
  const lines = Array.from({ length: height }, (_, at) => {
    const cells: string[] = [];
    for (const { column, choices: list } of choices) cells[column] = list[at] ?? '';
    return rowXml(
      at + 1,
      Array.from(cells, (cell) => cell ?? ''),
      1,
    );
  });
  return `<worksheet xmlns="${MAIN}"><sheetData>${lines.join('')}</sheetData></worksheet>`;
}

function rowXml(number: number, cells: readonly string[], style: number): string {
  const written = cells.map((text, at) =>
    text === ''
      ? ''
      : `<c r="${letterOf(at)}${number}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escape(text)}</t></is></c>`,
  );
  return `<row r="${number}">${written.join('')}</row>`;
}

function relations(targets: [type: string, target: string][]): string {
  const lines = targets.map(
    ([type, target], at) =>
      `<Relationship Id="rId${at + 1}" Type="${RELATIONS}/${type}" Target="${target}"/>`,
  );
  return `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${lines.join('')}</Relationships>`;
}

/** 0 is `A`, 26 is `AA`. */
function letterOf(column: number): string {
  const rest = Math.floor(column / 26);
  return (rest === 0 ? '' : letterOf(rest - 1)) + String.fromCharCode(65 + (column % 26));
}

/** Text for XML, without the control characters that it cannot hold. */
function escape(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex
      .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
  );
}
