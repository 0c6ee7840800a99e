import { describe, expect, it } from 'vitest';
import { beganLater } from '../../../server/training/sign-in/flags.ts';
import {
  judgeTime,
  metresBetween,
  presenceBySignatures,
  signingWindow,
} from '../../../server/training/sign-in/rules.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A night class: 23:30 to 00:30 in Asia/Shanghai. */
const NIGHT = { startsAt: '2026-11-25T15:30:00.000Z', endsAt: '2026-11-25T16:30:00.000Z' };
const at = (time: string) => `2026-11-25T${time}:00.000Z`;

describe('when one may sign', () => {
  it.each([
    ['in', '14:59', -1, 'early'],
    ['in', '15:00', 0, 'fresh'],
    ['in', '16:30', 0, 'fresh'],
    ['in', '16:31', 0, 'closed'],
    ['out', '15:28', 0, 'early'],
    ['out', '15:30', 0, 'fresh'],
    ['out', '17:00', 0, 'fresh'],
    ['out', '17:01', 0, 'closed'],
  ] as const)('to sign %s with the code of %s', (kind, shown, seconds, expected) => {
    const shownAtMs = Date.parse(at(shown)) + seconds * 1000;
    // Shown up to a minute before the window opens, a code was still on the screen when it did.
    const offset = expected === 'early' ? -MINUTE : 0;
    const verdict = judgeTime(signingWindow(NIGHT, kind), shownAtMs + offset, shownAtMs + 1000, 24 * HOUR);
    expect(verdict).toBe(expected);
  });

  it.each([
    [90_000, 'fresh'],
    [90_001, 'late'],
    [24 * HOUR, 'late'],
    [24 * HOUR + 1, 'too-late'],
    [-MINUTE, 'fresh'],
    [-MINUTE - 1, 'early'],
  ] as const)('a code that comes %i ms after it was shown is %s', (ageMs, expected) => {
    const shownAtMs = Date.parse(at('15:45'));
    expect(judgeTime(signingWindow(NIGHT, 'in'), shownAtMs, shownAtMs + ageMs, 24 * HOUR)).toBe(expected);
  });
});

describe('presence by signatures', () => {
  it.each([
    ['early', '15:05', undefined, '15:30', '16:30', 60],
    ['on time', '15:30', undefined, '15:30', '16:30', 60],
    ['after midnight', '16:05', undefined, '16:05', '16:30', 25],
    ['gone early', '15:20', '16:00', '15:30', '16:00', 30],
    ['gone late', '15:30', '16:50', '15:30', '16:30', 60],
    ['gone before it began', '15:10', '15:20', '15:30', '15:30', 0],
  ])('of who came %s', (_, inAt, outAt, from, until, minutes) => {
    expect(presenceBySignatures(NIGHT, at(inAt), outAt && at(outAt))).toEqual({
      presentFrom: at(from),
      presentUntil: at(until),
      effectiveSeconds: minutes * 60,
    });
  });
});

it('measures over the globe', () => {
  const mangshi = { latitude: 24.4367, longitude: 98.5856 };
  expect(metresBetween(mangshi, mangshi)).toBe(0);
  expect(metresBetween(mangshi, { latitude: 24.4457, longitude: 98.5856 })).toBeCloseTo(1001, -1);
  expect(metresBetween(mangshi, { latitude: 39.9042, longitude: 116.4074 })).toBeGreaterThan(2_000_000);
});

describe('a category that began later', () => {
  const NONE = null;
  it.each([
    ['none of the run’s', [['退役军人', '2026-12-01']], false],
    ['no day said', [['农村妇女', NONE]], false],
    ['before', [['农村妇女', '2026-11-24']], false],
    ['on the day in Asia/Shanghai, though it is the day before in UTC', [['农村妇女', '2026-11-25']], false],
    ['the day after, when the class ends', [['农村妇女', '2026-11-26']], true],
    [
      'after, beside one that had begun',
      [
        ['农村妇女', '2026-12-01'],
        ['农村青年', '2026-01-01'],
      ],
      false,
    ],
    [
      'all of them after',
      [
        ['农村妇女', '2026-12-01'],
        ['农村青年', '2026-11-26'],
      ],
      true,
    ],
  ] as [string, [string, string | null][], boolean][])('%s', (_, held, later) => {
    const categories = held.map(([name, since]) => ({ name, since }));
    expect(beganLater(['农村妇女', '农村青年'], categories, NIGHT.startsAt)).toBe(later);
  });
});
