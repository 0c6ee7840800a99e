import { describe, expect, it } from 'vitest';
import {
  changeByPing,
  effectiveSeconds,
  reachesThreshold,
  type AirWindow,
  type DeviceSpan,
} from '../../server/broadcasts/presence-rules.ts';

const INTERVAL_MS = 20_000;
const onAir: AirWindow[] = [{ startedAtMs: 0, endedAtMs: null }];
const twice: AirWindow[] = [
  { startedAtMs: 0, endedAtMs: 50_000 },
  { startedAtMs: 60_000, endedAtMs: null },
];
const span = (startedAtMs: number, endedAtMs: number, closed = false): DeviceSpan => ({
  startedAtMs,
  endedAtMs,
  closed,
});

describe('changeByPing', () => {
  it.each<[string, DeviceSpan | undefined, number, boolean, AirWindow[], ReturnType<typeof changeByPing>]>([
    ['the first ping', undefined, 5_000, true, onAir, { kind: 'begin', span: span(5_000, 5_000) }],
    ['the next ping', span(0, 10_000), 30_000, true, onAir, { kind: 'extend', endedAtMs: 30_000 }],
    ['one ping lost', span(0, 10_000), 55_000, true, onAir, { kind: 'extend', endedAtMs: 55_000 }],
    ['two pings lost', span(0, 10_000), 55_001, true, onAir, { kind: 'begin', span: span(55_001, 55_001) }],
    ['a pause', span(0, 10_000), 20_000, false, onAir, { kind: 'close' }],
    ['a second pause', span(0, 10_000, true), 20_000, false, onAir, { kind: 'none' }],
    ['a pause before anything', undefined, 20_000, false, onAir, { kind: 'none' }],
    [
      'playing again after a pause',
      span(0, 10_000, true),
      20_000,
      true,
      onAir,
      { kind: 'begin', span: span(20_000, 20_000) },
    ],
    ['before it is live', undefined, 5_000, true, [], { kind: 'none' }],
    ['while it is interrupted', span(0, 45_000), 55_000, true, twice, { kind: 'none' }],
    [
      'across an interruption, which is left out',
      span(0, 45_000),
      65_000,
      true,
      twice,
      { kind: 'begin', span: span(60_000, 65_000) },
    ],
    [
      'long after an interruption',
      span(0, 15_000),
      65_000,
      true,
      twice,
      { kind: 'begin', span: span(65_000, 65_000) },
    ],
    ['a clock that went back', span(0, 30_000), 20_000, true, onAir, { kind: 'none' }],
  ])('%s', (_, last, atMs, playing, windows, change) => {
    expect(changeByPing(last, { atMs, playing }, windows, INTERVAL_MS)).toEqual(change);
  });
});

describe('effectiveSeconds', () => {
  it.each([
    ['nothing', [], 0],
    ['one span', [span(0, 61_999)], 61],
    ['two devices at once', [span(0, 60_000), span(30_000, 90_000)], 90],
    ['one inside the other', [span(0, 60_000), span(10_000, 20_000)], 60],
    ['apart, in any order', [span(100_000, 160_000), span(0, 60_000)], 120],
    ['touching', [span(0, 10_000), span(10_000, 20_000)], 20],
  ])('%s', (_, spans, seconds) => {
    expect(effectiveSeconds(spans)).toBe(seconds);
  });
});

it('reaches a threshold at its very second, and none without one', () => {
  expect(reachesThreshold(1_799, 30)).toBe(false);
  expect(reachesThreshold(1_800, 30)).toBe(true);
  expect(reachesThreshold(99_999, undefined)).toBe(false);
});
