import { describe, expect, it } from 'vitest';
import {
  faultsOfPlan,
  impossibleTogether,
  isAttendee,
  isOver,
  reachesThreshold,
  stretchOf,
} from '../../server/training/rules.ts';

const at = (time: string) => `2026-11-22T${time}:00.000Z`;
const session = (startsAt: string, endsAt: string, thresholdMinutes = 30) => ({
  startsAt: at(startsAt),
  endsAt: at(endsAt),
  thresholdMinutes,
});

describe('faultsOfPlan', () => {
  it.each([
    ['one good session', [session('09:00', '10:00')], 1, []],
    ['two that touch', [session('09:00', '10:00'), session('10:00', '11:00')], 2, []],
    ['an end before its start', [session('10:00', '09:00')], 1, ['sessions.0.endsAt ends-before-start']],
    ['no length', [session('10:00', '10:00')], 1, ['sessions.0.endsAt ends-before-start']],
    ['too long', [session('00:00', '23:00')], 1, ['sessions.0.endsAt too-long']],
    [
      'a threshold over its length',
      [session('09:00', '10:00', 61)],
      1,
      ['sessions.0.thresholdMinutes threshold-over-length'],
    ],
    ['a threshold of its length', [session('09:00', '10:00', 60)], 1, []],
    [
      'an overlap',
      [session('09:00', '10:00'), session('09:59', '11:00')],
      1,
      ['sessions.1.startsAt overlaps'],
    ],
    ['more required than there are', [session('09:00', '10:00')], 2, ['requiredSessions more-than-sessions']],
  ])('%s', (_, sessions, required, faults) => {
    expect(faultsOfPlan(sessions, required).map((fault) => `${fault.path} ${fault.rule}`)).toEqual(faults);
  });
});

describe('attendance', () => {
  it.each([
    [1799, 30, false],
    [1800, 30, true],
    [1801, 30, true],
    [0, 0, true],
  ])('%i s of a threshold of %i min: %s', (seconds, minutes, reached) => {
    expect(reachesThreshold(seconds, minutes)).toBe(reached);
  });

  it.each([
    ['one after the other', 1800, at('09:30'), 1800, at('10:00'), false],
    ['a minute of both', 1800, at('09:30'), 1860, at('10:00'), true],
    ['the same time', 1800, at('09:30'), 1800, at('09:30'), true],
    ['on another day', 3600, '2026-11-21T10:00:00.000Z', 3600, at('10:00'), false],
  ])('presence in two classes, %s', (_, aSeconds, aAt, bSeconds, bAt, impossible) => {
    const a = stretchOf({ effectiveSeconds: aSeconds, occurredAt: aAt });
    const b = stretchOf({ effectiveSeconds: bSeconds, occurredAt: bAt });
    expect(impossibleTogether(a, b)).toBe(impossible);
    expect(impossibleTogether(b, a)).toBe(impossible);
  });

  it.each([
    [0, 1, false],
    [1, 1, true],
    [2, 3, false],
    [3, 3, true],
  ])('%i sessions where %i are required: %s', (attended, required, counted) => {
    expect(isAttendee(attended, required)).toBe(counted);
  });

  it.each([
    [undefined, '09:59', true],
    [undefined, '10:01', false],
    ['scheduled', '09:59', true],
    ['live', '09:59', false],
    ['interrupted', '09:59', false],
    ['ended', '10:01', true],
    ['replay', '10:01', true],
  ])('a class whose broadcast is %s, planned to %s, at 10:00 is over: %s', (state, endsAt, over) => {
    expect(isOver(state, at(endsAt), Date.parse(at('10:00')))).toBe(over);
  });
});
