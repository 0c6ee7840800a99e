import { describe, expect, it } from 'vitest';
import {
  dayOfSerial,
  hasLostDigits,
  numberText,
  plainText,
  readDay,
} from '../../../server/platform/spreadsheet/cells.ts';
import type { Cell } from '../../../server/platform/spreadsheet/contract.ts';
import { isRemark, plainHeading, proposeMapping } from '../../../server/platform/spreadsheet/headings.ts';
import { showsDay } from '../../../server/platform/spreadsheet/xlsx/styles.ts';

const text = (value: string): Cell => ({ kind: 'text', text: plainText(value) });

describe('cells', () => {
  it.each([
    ['　岩罕亮\n', '岩罕亮'],
    ['５３３１０３１９９００１０１００１Ｘ', '53310319900101001X'],
    ["'13812341234", '13812341234'],
    ['‘533103', '533103'],
    ['\u200b13812341234\u202c', '13812341234'],
    ["D'Arcy", "D'Arcy"],
  ])('%j is %j', (typed, plain) => expect(plainText(typed)).toBe(plain));

  it.each([
    ['1.3812345678E10', '13812345678'],
    ['5.3310319900101101E+17', '533103199001011008'],
    ['1.5', '1.5'],
    ['007x', '007x'],
  ])('the number %s is written %s', (raw, written) => expect(numberText(raw)).toBe(written));

  it.each<[Cell, boolean]>([
    [{ kind: 'number', text: '533103199001011008' }, true],
    [{ kind: 'number', text: '13812345678' }, false],
    [text('5.33103E+17'), true],
    [text('533103199001011008'), false],
  ])('%j has lost digits: %s', (cell, lost) => expect(hasLostDigits(cell)).toBe(lost));

  it.each<[Cell, string | undefined]>([
    [text('2024年5月3日'), '2024-05-03'],
    [text('２０２４年５月３日'), '2024-05-03'],
    [text('2024-5-3'), '2024-05-03'],
    [text('2024/05/03 00:00:00'), '2024-05-03'],
    [text('2024.5.3'), '2024-05-03'],
    [text('20240503'), '2024-05-03'],
    [text('2024年5月'), '2024-05-01'],
    [text('2024.02'), '2024-02-01'],
    [text('2024-02-30'), undefined],
    [text('去年'), undefined],
    [text('5月3日'), undefined],
    [{ kind: 'number', text: '45415' }, '2024-05-03'],
    [{ kind: 'number', text: '99999' }, undefined],
    [{ kind: 'date', text: '2024-05-03' }, '2024-05-03'],
  ])('%j means %s', (cell, day) => expect(readDay(cell)).toBe(day));

  it('serials count as Excel does, the day that never was included', () => {
    expect([1, 59, 61, 45415.75].map((serial) => dayOfSerial(serial))).toEqual([
      '1900-01-01',
      '1900-02-28',
      '1900-03-01',
      '2024-05-03',
    ]);
    expect(dayOfSerial(43953, true)).toBe('2024-05-03');
  });

  it.each([
    ['yyyy"年"m"月"d"日";@', true],
    ['[$-804]d', true],
    ['General', false],
    ['0.00_ ;[Red]-0.00 ', false],
    ['#,##0"day"', false],
    ['h:mm', false],
  ])('the format %s shows a day: %s', (format, is) => expect(showsDay(format)).toBe(is));
});

describe('headings', () => {
  const columns = [
    { key: 'name', headings: ['姓名'] },
    { key: 'idNumber', headings: ['身份证号', '身份证号码'] },
    { key: 'phone', headings: ['手机号', '联系电话', '电话'] },
    { key: 'village', headings: ['村'] },
    { key: 'township', headings: ['乡镇'] },
  ];

  it('are compared without what offices put around them', () => {
    expect(plainHeading('*身份证 号码：\n（18位）')).toBe('身份证号码');
  });

  it('are mapped by equality first, then by the words they hold, each once', () => {
    expect(
      proposeMapping(
        ['序号', '学员姓名', '身份证号码(必填)', '联系电话', '乡镇/街道', '所在村（社区）'],
        columns,
      ),
    ).toEqual({
      name: 1,
      idNumber: 2,
      phone: 3,
      township: 4,
      village: 5,
    });
    expect(proposeMapping(['户主姓名', '姓名'], columns)).toEqual({ name: 1 });
  });

  it.each([
    [['填表人：张三', '2024年5月3日'], true],
    [['', '备注：本表一式两份'], true],
    [['（示例）岩罕亮', '533103…', '138…'], true],
    [['合计', '3'], true],
    [['岩罕亮', '', '13812341234'], false],
  ])('%j is a remark: %s', (cells, is) => expect(isRemark({ number: 9, cells: cells.map(text) })).toBe(is));
});
