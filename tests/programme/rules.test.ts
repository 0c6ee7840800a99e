import { describe, expect, it } from 'vitest';
import type { AnswerRow, AttendanceRow, Evidence } from '../../server/programme/rules/evidence.ts';
import { moveDay } from '../../server/programme/rules/fit-dates.ts';
import { MEASURED } from '../../server/programme/rules/indicators.ts';
import { listPersonTimes } from '../../server/programme/rules/person-times.ts';
import { listValidAnswers } from '../../server/programme/rules/satisfaction.ts';
import { assess, meets, valueOf, worstOf } from '../../server/programme/rules/targets.ts';

const PERIOD = { startsOn: '2026-01-01', endsOn: '2026-12-31' };
const PROFESSIONAL = '专业技能培训';

const run = (runId: string, requiredSessions = 1, level = '普及培训', regionCode = '533103') => ({
  ...{ runId, regionCode, level, requiredSessions },
  programmeIds: [],
});
let n = 0;
function attended(runId: string, personId: string, more: Partial<AttendanceRow> = {}): AttendanceRow {
  n += 1;
  const at = more.occurredAt ?? '2026-06-01T08:00:00.000Z';
  return {
    attendanceId: `a${n}`,
    sessionId: `${runId}-1`,
    ...{ runId, personId, method: 'live-presence' },
    ...{ occurredAt: at, recordedAt: at, voidedAt: null },
    ...more,
  };
}
function answered(
  runId: string,
  personId: string,
  overall: number,
  more: Partial<AnswerRow> = {},
): AnswerRow {
  n += 1;
  const at = '2026-06-02T08:00:00.000Z';
  return {
    ...{ answerId: `s${n}`, runId, personId, overall, method: 'self' },
    ...{ occurredAt: at, recordedAt: at, voidedAt: null },
    ...more,
  };
}

/** The four figures as `value` or `numerator/denominator`, and what stands beside them. */
function figures(evidence: Partial<Evidence>, asOf: string | null = null) {
  const whole: Evidence = {
    runs: new Map(),
    attendances: [],
    answers: [],
    verifiedAt: new Map(),
    ...evidence,
  };
  const personTimes = listPersonTimes(whole, PERIOD, asOf);
  const counted = { personTimes, answers: listValidAnswers(whole, personTimes, asOf) };
  return Object.fromEntries(
    [...MEASURED].map(([code, indicator]) => {
      const { numerator, denominator, unverified, outsidePeriod } = indicator.measure(counted);
      const lines = indicator.lines(counted).filter((line) => line.standing === 'counted').length;
      expect(lines, `${code}: the counted lines sum to the figure`).toBe(denominator ?? numerator);
      const value = denominator === null ? `${numerator}` : `${numerator}/${denominator}`;
      return [code.slice('training.'.length), `${value} u${unverified} o${outsidePeriod}`];
    }),
  );
}
const runsOf = (...rows: ReturnType<typeof run>[]) => new Map(rows.map((row) => [row.runId, row]));

describe('the figures of training', () => {
  it('count a person once a run, however many sessions', () => {
    const attendances = [1, 2, 3].map((day) => attended('r', 'p', { sessionId: `r-${day}` }));
    expect(figures({ runs: runsOf(run('r', 3)), attendances }).personTimes).toBe('1 u1 o0');
    expect(figures({ runs: runsOf(run('r', 4)), attendances }).personTimes).toBe('0 u0 o0');
  });

  it('count a person again in another run, and the person once', () => {
    const attendances = [attended('r', 'p'), attended('q', 'p'), attended('q', 'unknown')];
    const verifiedAt = new Map([['p', '2026-01-01T00:00:00.000Z']]);
    expect(figures({ runs: runsOf(run('r'), run('q')), attendances, verifiedAt })).toMatchObject({
      personTimes: '3 u1 o0',
      persons: '1 u1 o0',
    });
  });

  it('count professional training within the total', () => {
    const attendances = [attended('r', 'p'), attended('q', 'p')];
    expect(figures({ runs: runsOf(run('r', 1, PROFESSIONAL), run('q')), attendances })).toMatchObject({
      personTimes: '2 u2 o0',
      professionalPersonTimes: '1 u1 o0',
    });
  });

  it('show what lies outside the period apart, by the day in Shanghai', () => {
    const attendances = [
      attended('r', 'last', { occurredAt: '2026-12-31T15:59:59.999Z' }),
      attended('r', 'after', { occurredAt: '2026-12-31T16:00:00.000Z' }),
      attended('r', 'first', { occurredAt: '2025-12-31T16:00:00.000Z' }),
    ];
    const answers = [answered('r', 'after', 1), answered('r', 'last', 4)];
    expect(figures({ runs: runsOf(run('r')), attendances, answers })).toMatchObject({
      personTimes: '2 u2 o1',
      satisfaction: '1/1 u1 o1',
    });
  });

  it('take answers of attendees only, one each, 很满意 and 满意 as satisfied', () => {
    const attendances = ['a', 'b', 'c', 'd'].map((personId) => attended('r', personId));
    const answers = [
      ...[answered('r', 'a', 5), answered('r', 'b', 4), answered('r', 'c', 3), answered('r', 'x', 1)],
      answered('r', 'd', 1, { voidedAt: '2026-06-03T00:00:00.000Z' }),
    ];
    expect(figures({ runs: runsOf(run('r')), attendances, answers }).satisfaction).toBe('2/3 u3 o0');
    const gone = attendances.map((row) => ({
      ...row,
      voidedAt: row.personId === 'c' ? row.recordedAt : null,
    }));
    expect(figures({ runs: runsOf(run('r')), attendances: gone, answers }).satisfaction).toBe('2/2 u2 o0');
  });

  it('tell what was known at the end of a day', () => {
    const day = (d: number) => `2026-06-${String(d).padStart(2, '0')}T04:00:00.000Z`;
    const evidence = {
      runs: runsOf(run('r')),
      attendances: [
        attended('r', 'p', { occurredAt: day(1), recordedAt: day(5), voidedAt: day(10) }),
        attended('r', 'q', { occurredAt: day(1), recordedAt: day(2) }),
      ],
      verifiedAt: new Map([['q', day(8)]]),
    };
    const at = (d: number) => figures(evidence, day(d));
    expect(at(1)).toMatchObject({ personTimes: '0 u0 o0', persons: '0 u0 o0' });
    expect(at(3)).toMatchObject({ personTimes: '1 u1 o0', persons: '0 u1 o0' });
    expect(at(6)).toMatchObject({ personTimes: '2 u2 o0', persons: '0 u2 o0' });
    expect(at(9)).toMatchObject({ personTimes: '2 u1 o0', persons: '1 u1 o0' });
    expect(at(11)).toMatchObject({ personTimes: '1 u0 o0', persons: '1 u0 o0' });
  });
});

describe('targets', () => {
  const rate = (numerator: number, denominator: number) => ({ numerator, denominator });
  const countOf = (numerator: number) => ({ numerator, denominator: null });

  it.each([
    [rate(9, 10), '>=', 90, true],
    [rate(9, 10), '>', 90, false],
    [rate(91, 100), '>', 90, true],
    [rate(22_499, 25_000), '>=', 90, false],
    [countOf(3000), '>=', 3000, true],
    [countOf(2999), '>=', 3000, false],
    [countOf(10), '<=', 10, true],
    [countOf(1), 'is', 1, true],
  ] as const)('%o %s %d: %s', (figure, operator, target, met) => {
    expect(meets(figure, operator, target)).toBe(met);
  });

  it('reads a rate with two decimals, and no rate of nothing', () => {
    expect([valueOf(rate(22_499, 25_000)), valueOf(rate(2, 3)), valueOf(rate(0, 0))]).toEqual([
      90,
      66.67,
      null,
    ]);
  });

  const pace = (today: string) => ({ startsOn: '2026-01-01', dueOn: '2026-12-31', today });
  it.each([
    [countOf(3000), 3000, '2026-02-01', 'met'],
    [countOf(1500), 3000, '2026-06-01', 'on-track'],
    [countOf(1000), 3000, '2026-06-01', 'at-risk'],
    [countOf(2999), 3000, '2026-12-31', 'at-risk'],
    [countOf(2999), 3000, '2027-01-01', 'missed'],
    [rate(0, 0), 90, '2026-06-01', 'no-data'],
    [rate(0, 0), 90, '2027-06-01', 'missed'],
    [rate(89, 100), 90, '2026-06-01', 'at-risk'],
    [countOf(5), null, '2026-06-01', 'no-target'],
  ])('%o against %s on %s is %s', (figure, target, today, state) => {
    expect(assess(figure, '>=', target, pace(today))).toBe(state);
  });

  it('are as well off as the county that is worst off', () => {
    expect(worstOf(['met', 'at-risk', 'met'])).toBe('at-risk');
    expect(worstOf(['met', 'missed', 'at-risk'])).toBe('missed');
    expect(worstOf(['met', 'met'])).toBe('met');
  });
});

describe('moveDay', () => {
  const from = { startsOn: '2019-09-01', endsOn: '2021-03-31' };
  it('keeps every day of a programme copied to its own dates', () => {
    const to = { startsOn: '2019-09-01', endsOn: '2021-03-31' };
    for (const day of ['2019-09-01', '2020-05-01', '2020-12-31', '2021-03-31'])
      expect(moveDay(day, from, to)).toBe(day);
  });
  it('moves in proportion, and never out of the period', () => {
    const to = { startsOn: '2026-01-01', endsOn: '2026-12-31' };
    expect(moveDay('2019-09-01', from, to)).toBe('2026-01-01');
    expect(moveDay('2020-12-31', from, to)).toBe('2026-11-04');
    expect(moveDay('2018-01-01', { startsOn: null, endsOn: '2022-12-31' }, to)).toBe('2026-01-01');
  });
});
