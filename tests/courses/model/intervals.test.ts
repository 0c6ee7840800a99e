import { describe, expect, it } from 'vitest';
import {
  believable,
  clipTo,
  coveredSeconds,
  seenPercent,
  unionOf,
  without,
  type Span,
} from '../../../courses/model/intervals.ts';
import { randomOf } from '../../../courses/model/shuffle.ts';

describe('intervals', () => {
  it.each<[Span[], Span[]]>([
    [[], []],
    [
      [
        [5, 5],
        [7, 6],
      ],
      [],
    ],
    [
      [
        [0, 5],
        [5, 9],
      ],
      [[0, 9]],
    ],
    [
      [
        [4, 9],
        [0, 5],
        [20, 21],
      ],
      [
        [0, 9],
        [20, 21],
      ],
    ],
    [
      [
        [0, 30],
        [10, 12],
      ],
      [[0, 30]],
    ],
  ])('%j are one union', (spans, union) => expect(unionOf(spans)).toEqual(union));

  it.each<[Span[], number, number]>([
    [[], 100, 0],
    [[[0, 50]], 100, 50],
    [
      [
        [0, 50],
        [25, 50],
        [40, 60],
      ],
      100,
      60,
    ],
    [[[0, 79.99]], 100, 79],
    [[[0, 98.5]], 100, 100],
    [[[0, 97.9]], 100, 97],
    [[[50, 5000]], 100, 50],
    [[[0, 10]], 0, 0],
    // A clip of four seconds forgives a tenth of itself only.
    [[[0, 3]], 4, 75],
  ])('%j of %d s is %d percent', (spans, length, percent) => {
    expect(seenPercent(spans, length)).toBe(percent);
  });

  it('never count a second twice, in whatever order and however often they come', () => {
    const random = randomOf('spans');
    for (let round = 0; round < 200; round += 1) {
      const spans = Array.from({ length: 12 }, (): Span => {
        const from = Math.floor(random() * 50);
        return [from, from + Math.floor(random() * 12)];
      });
      const seconds = new Set(
        spans.flatMap(([from, to]) => Array.from({ length: to - from }, (_, n) => from + n)),
      );
      expect(coveredSeconds(spans)).toBe(seconds.size);
      expect(unionOf([...spans, ...spans.toReversed()])).toEqual(unionOf(spans));
      expect(coveredSeconds(clipTo(spans, 25))).toBe([...seconds].filter((second) => second < 25).length);
      const half = spans.slice(0, 6);
      expect(coveredSeconds(without(spans, half))).toBe(coveredSeconds(spans) - coveredSeconds(half));
    }
  });

  it.each<[string, Span[], number, Span[]]>([
    ['an hour in a second', [[0, 3600]], 1, [[0, 6]]],
    ['what was played at double speed', [[100, 120]], 10, [[100, 120]]],
    [
      'the first of many',
      [
        [0, 10],
        [500, 510],
        [900, 910],
      ],
      8,
      [
        [0, 10],
        [500, 510],
      ],
    ],
    ['a clock set back', [[0, 10]], -60, []],
    [
      'the same again and again',
      [
        [0, 10],
        [0, 10],
        [0, 10],
      ],
      5,
      [[0, 10]],
    ],
  ])('believes of %s only what the time allows', (_what, reported, wallSeconds, believed) => {
    expect(believable(reported, { wallSeconds, graceSeconds: 2 })).toEqual(believed);
  });
});
