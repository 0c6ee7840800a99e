import { describe, expect, it, vi } from 'vitest';
import {
  SpreadsheetError,
  type SheetRow,
  type TableHead,
} from '../../../server/platform/spreadsheet/contract.ts';
import { READ_LIMITS, type ReadLimits } from '../../../server/platform/spreadsheet/limits.ts';
import { openTable } from '../../../server/platform/spreadsheet/open-table.ts';
import { writeXlsx } from '../../../server/platform/spreadsheet/write-xlsx.ts';
import { formula, partsOfWorkbook, serial, xlsxOf, zipOf, type TestSheet } from '../../support/make-xlsx.ts';

const COLUMNS = [
  { key: 'name', headings: ['姓名'] },
  { key: 'idNumber', headings: ['身份证号'] },
  { key: 'since', headings: ['起始日期'] },
];
const HEADINGS = ['姓名', '身份证号', '起始日期'];

async function read(bytes: Uint8Array<ArrayBuffer>, limits?: ReadLimits) {
  const table = await openTable(bytes, COLUMNS, limits);
  const rows: SheetRow[] = [];
  for await (const batch of table.batches()) rows.push(...batch);
  await table.close();
  return { head: table.head, rows, texts: rows.map((row) => row.cells.map((cell) => cell.text)) };
}
async function faultOf(bytes: Uint8Array<ArrayBuffer>, limits?: ReadLimits): Promise<unknown> {
  const error: unknown = await read(bytes, limits).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SpreadsheetError);
  return (error as SpreadsheetError).fault;
}
const utf8 = (text: string) => new Uint8Array(Buffer.from(text));
const GB18030 = new Uint8Array([
  // 姓名,身份证号\n岩罕亮,53\n
  0xd0, 0xd5, 0xc3, 0xfb, 0x2c, 0xc9, 0xed, 0xb7, 0xdd, 0xd6, 0xa4, 0xba, 0xc5, 0x0a, 0xd1, 0xd2, 0xba, 0xb1,
  0xc1, 0xc1, 0x2c, 0x35, 0x33, 0x0a,
]);

describe('a spreadsheet of an office', () => {
  it('is read under its titles, over its remarks, from the sheet that has the table', async () => {
    const { head, rows, texts } = await read(
      await xlsxOf(
        { name: '说明', rows: [['请如实填写']] },
        { name: '旧名单', state: 'hidden', rows: [HEADINGS, ['不读', '1', '']] },
        {
          name: '名单',
          merges: ['A1:C1', 'C5:C6'],
          rows: [
            ['芒市2024年电商培训学员名册', null, null],
            ['填报单位：勐戛镇', null, '2024年5月'],
            ['*姓 名', '身份证号码\n（18位）', '起始日期'],
            ['（示例）张三', '533103199001010011', '2024-05-03'],
            ['岩罕亮', '５３３１０３１９９００１０１００１１', serial(45415)],
            ['咩  罕', 533103199001011000, null],
            [null, null, null],
            [formula('A5', '岩罕亮'), formula('B5'), '2024年5月3日'],
            ['填表人：李四', null, null],
          ],
        },
      ),
    );
    expect(head).toEqual<TableHead>({
      sheet: '名单',
      otherSheets: [
        { name: '说明', hidden: false },
        { name: '旧名单', hidden: true },
      ],
      headingRow: 3,
      headings: ['*姓 名', '身份证号码 (18位)', '起始日期'],
      rowCount: 3,
      remarkRows: [4, 9],
    });
    expect(rows.map((row) => row.number)).toEqual([5, 6, 8]);
    expect(texts).toEqual([
      ['岩罕亮', '533103199001010011', '2024-05-03'],
      // The merged day reaches down; the number is as Excel left it.
      ['咩 罕', '533103199001011008', '2024-05-03'],
      ['岩罕亮', '#VALUE', '2024年5月3日'],
    ]);
    expect(rows.map((row) => row.cells.map((cell) => cell.kind))).toEqual([
      ['text', 'text', 'date'],
      ['text', 'number', 'date'],
      ['text', 'error', 'text'],
    ]);
  });

  it.each([
    ['UTF-8 with a mark', utf8('\ufeff姓名,身份证号\n岩罕亮,53\n')],
    ['UTF-8 with tabs', utf8('名册\n姓名\t身份证号\r\n岩罕亮\t53\r\n')],
    ['GB18030', GB18030],
    ['UTF-16', new Uint8Array(Buffer.from('\ufeff姓名\t身份证号\n岩罕亮\t53\n', 'utf16le'))],
    ['quotes', utf8('"姓名","身份证号"\n"岩罕亮",\'53\n')],
  ])('may be CSV in %s', async (_, bytes) => {
    expect((await read(bytes)).texts).toEqual([['岩罕亮', '53']]);
  });

  it('holds 50,000 rows, read beside an event loop that stays free', async () => {
    const rows = Array.from({ length: 50_000 }, (_, at) => [`村民${at}`, '533103199001010011', '2024-05-03']);
    const bytes = await xlsxOf({ rows: [HEADINGS, ...rows] });
    // The loop's own CPU time between two turns: what it would be stopped for, whatever else the machine does.
    let longestMs = 0;
    let last = process.threadCpuUsage();
    const timer = setInterval(() => {
      const { user, system } = process.threadCpuUsage(last);
      longestMs = Math.max(longestMs, (user + system) / 1000);
      last = process.threadCpuUsage();
    }, 1);
    const table = await openTable(bytes, COLUMNS);
    let count = 0;
    for await (const batch of table.batches()) count += batch.length;
    await table.close();
    clearInterval(timer);
    expect(count).toBe(50_000);
    expect(longestMs).toBeLessThan(50);
  });

  it('counts the time of the reading, not that of who uses the rows', async () => {
    const rows = [HEADINGS, ...Array.from({ length: 1_500 }, (_, i) => [`岩${i}`, `${i}`, ''])];
    const file = await xlsxOf({ name: '名单', rows });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const table = await openTable(file, COLUMNS);
    try {
      let count = 0;
      for await (const batch of table.batches()) {
        count += batch.length;
        vi.advanceTimersByTime(READ_LIMITS.readingMs + 1);
      }
      expect(count).toBe(1_500);
    } finally {
      vi.useRealTimers();
      await table.close();
    }
  });

  it('is refused that takes too long, and the next is read', async () => {
    const file = () => xlsxOf({ name: '名单', rows: [HEADINGS, ['岩罕亮', '533103', '']] });
    expect(await faultOf(await file(), { ...READ_LIMITS, readingMs: 1 })).toBe('too-large');
    expect((await read(await file())).rows).toHaveLength(1);
  });

  it('tells of a thread that ended while its rows were used', async () => {
    const rows = [HEADINGS, ...Array.from({ length: 1_500 }, (_, i) => [`岩${i}`, `${i}`, ''])];
    const table = await openTable(await xlsxOf({ name: '名单', rows }), COLUMNS);
    const batches = table.batches()[Symbol.asyncIterator]();
    await batches.next();
    await table.close();
    await expect(batches.next()).rejects.toMatchObject({ fault: 'too-large' });
  });

  it('is what the hub itself writes', async () => {
    const written = await writeXlsx({
      name: '名单',
      columns: HEADINGS.map((heading) => ({
        heading,
        width: 20,
        choices: heading === '起始日期' ? ['a', 'b'] : undefined,
      })),
      rows: [['<岩&"亮">', '533103199001010011', '']],
    });
    const { head, texts } = await read(new Uint8Array(written));
    expect(head).toMatchObject({ sheet: '名单', otherSheets: [{ name: '选项', hidden: true }] });
    expect(texts).toEqual([['<岩&"亮">', '533103199001010011']]);
  });
});

describe('a file is refused', () => {
  const sheet: TestSheet = { rows: [HEADINGS, ['岩罕亮', '53', '']] };
  const spoilt = (change: (parts: Record<string, string>) => Record<string, string | Buffer>) =>
    zipOf(change(partsOfWorkbook([sheet])));

  it.each<[string, () => Promise<Uint8Array<ArrayBuffer>>, string]>([
    ['empty', async () => new Uint8Array(), 'empty'],
    [
      'a picture named .xlsx',
      async () => new Uint8Array(Buffer.from('ffd8ffe000104a464946', 'hex')),
      'not-a-spreadsheet',
    ],
    ['a PDF', async () => utf8('%PDF-1.7\nhello'), 'not-a-spreadsheet'],
    [
      'a Word document',
      () =>
        zipOf({
          '[Content_Types].xml': '<Types/>',
          '_rels/.rels':
            '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="word/document.xml"/></Relationships>',
          'word/document.xml': '<document/>',
        }),
      'not-a-spreadsheet',
    ],
    ['a bare ZIP', () => zipOf({ 'a.txt': 'a' }), 'not-a-spreadsheet'],
    ['an .xls', async () => new Uint8Array(Buffer.from('d0cf11e0a1b11ae1', 'hex')), 'other-format'],
    ['an .ods', () => zipOf({ mimetype: 'application/vnd.oasis.opendocument.spreadsheet' }), 'other-format'],
    [
      'one with a password',
      async () =>
        new Uint8Array(
          Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.from('EncryptedPackage', 'utf16le')]),
        ),
      'encrypted',
    ],
    ['one with macros', () => spoilt((parts) => ({ ...parts, 'xl/vbaProject.bin': 'x' })), 'macros'],
    [
      'one that says it has macros',
      () =>
        spoilt((parts) => ({
          ...parts,
          '[Content_Types].xml': parts['[Content_Types].xml']!.replace(
            'openxmlformats-officedocument.spreadsheetml.sheet',
            'ms-excel.sheet.macroEnabled',
          ),
        })),
      'macros',
    ],
    ['cut off', async () => (await xlsxOf(sheet)).slice(0, 900), 'damaged'],
    [
      'broken XML',
      () => spoilt((parts) => ({ ...parts, 'xl/worksheets/sheet1.xml': '<worksheet><sheetData>' })),
      'damaged',
    ],
    [
      'entities that grow',
      () =>
        spoilt((parts) => ({
          ...parts,
          'xl/sharedStrings.xml': '<!DOCTYPE sst [<!ENTITY a "aaaa">]><sst><si><t>&a;</t></si></sst>',
        })),
      'damaged',
    ],
    [
      'without known headings',
      () =>
        xlsxOf({
          rows: [
            ['甲', '乙'],
            ['1', '2'],
          ],
        }),
      'no-headings',
    ],
    ['headings only', () => xlsxOf({ rows: [HEADINGS] }), 'empty'],
    ['hidden sheets only', () => xlsxOf({ ...sheet, state: 'veryHidden' }), 'empty'],
    [
      'a ZIP bomb',
      () => spoilt((parts) => ({ ...parts, 'xl/worksheets/sheet1.xml': Buffer.alloc(40_000_000, 0x20) })),
      'too-large',
    ],
    [
      'thousands of parts',
      () =>
        spoilt((parts) => ({
          ...parts,
          ...Object.fromEntries(Array.from({ length: 2000 }, (_, at) => [`p${at}`, ''])),
        })),
      'too-large',
    ],
  ])('%s', async (_, make, fault) => expect(await faultOf(await make())).toBe(fault));

  it('with more rows or more to unpack than is asked for', async () => {
    const rows = [HEADINGS, ['a', '1', ''], ['b', '2', '']];
    expect(await faultOf(await xlsxOf({ rows }), { ...READ_LIMITS, rows: 2 })).toBe('too-many-rows');
    expect(await faultOf(await xlsxOf({ rows }), { ...READ_LIMITS, inflatedBytes: 2000 })).toBe('too-large');
  });

  it('that unpacks to more than it declares', async () => {
    const bytes = await xlsxOf({
      rows: [HEADINGS, ...Array.from({ length: 200 }, () => ['岩罕亮', '53', ''])],
    });
    const view = Buffer.from(bytes.buffer);
    // The central directory's record of the sheet: the true size is replaced by a small one.
    let at = view.indexOf(Buffer.from('504b0102', 'hex'));
    while (view.subarray(at + 46, at + 46 + 24).toString() !== 'xl/worksheets/sheet1.xml')
      at = view.indexOf(Buffer.from('504b0102', 'hex'), at + 4);
    view.writeUInt32LE(100, at + 24);
    expect(await faultOf(bytes)).toBe('damaged');
  });
});
