import { describe, expect, it } from 'vitest';
import {
  fieldMoment,
  formatDay,
  formatMoment,
  formatSpan,
  instantOfField,
} from '../../web/lib/format/date.ts';
import {
  formatClock,
  formatCount,
  formatMoney,
  formatRoughly,
  formatShare,
} from '../../web/lib/format/number.ts';

const NOW = '2026-11-22T04:00:00Z';

describe('dates, in Dehong whatever the machine believes', () => {
  it('names day and weekday, and the year when it is another', () => {
    expect(formatDay('2026-11-22T03:00:00Z', 'zh-CN', NOW)).toBe('11月22日 周日');
    expect(formatDay('2026-11-21T16:30:00Z', 'zh-CN', NOW)).toBe('11月22日 周日');
    expect(formatDay('2025-12-31T15:59:00Z', 'zh-CN', NOW)).toBe('2025年12月31日 周三');
    expect(formatDay('2026-11-22T03:00:00Z', 'en', NOW)).toBe('Sun 22 Nov');
  });

  it('tells a span once a day', () => {
    expect(formatSpan('2026-11-22T06:00:00Z', '2026-11-22T07:30:00Z', 'zh-CN', NOW)).toBe(
      '11月22日 周日 14:00–15:30',
    );
    expect(formatSpan('2026-11-22T15:00:00Z', '2026-11-22T17:00:00Z', 'zh-CN', NOW)).toBe(
      '11月22日 周日 23:00–11月23日 周一 01:00',
    );
    expect(formatMoment('2026-11-22T16:05:00Z', 'en', NOW)).toBe('Mon 23 Nov 00:05');
  });

  it('reads a form field as Beijing time and writes it back', () => {
    expect(instantOfField('2026-11-22T14:05')).toBe('2026-11-22T06:05:00.000Z');
    expect(fieldMoment('2026-11-22T06:05:00.000Z')).toBe('2026-11-22T14:05');
    expect(instantOfField('')).toBeUndefined();
  });
});

describe('numbers', () => {
  it('groups what will be checked', () => {
    expect(formatCount(1234567)).toBe('1,234,567');
    expect(formatCount(1234.5)).toBe('1,234.5');
    expect(formatCount(-3)).toBe('−3');
  });

  it('speaks of ten thousands in Chinese only', () => {
    expect(formatRoughly(9999, 'zh-CN')).toBe('9,999');
    expect(formatRoughly(12_345, 'zh-CN')).toBe('1.2 万');
    expect(formatRoughly(20_000, 'zh-CN')).toBe('2 万');
    expect(formatRoughly(230_000_000, 'zh-CN')).toBe('2.3 亿');
    expect(formatRoughly(12_345, 'en')).toBe('12.3K');
  });

  it('divides two whole numbers, and nothing by nothing is no figure', () => {
    expect(formatShare(42, 46)).toBe('91.3%');
    expect(formatShare(46, 46)).toBe('100%');
    expect(formatShare(0, 0)).toBe('—');
  });

  it('writes money out of fen', () => {
    expect(formatMoney(1250)).toBe('¥12.50');
    expect(formatMoney(-5)).toBe('−¥0.05');
    expect(formatMoney(123_456_789)).toBe('¥1,234,567.89');
  });

  it('writes a player’s clock', () => {
    expect(formatClock(65)).toBe('1:05');
    expect(formatClock(3725.9)).toBe('1:02:05');
  });
});
