import { describe, expect, test } from 'vitest';
import { EncodingLease } from '../../../../media/ingest/rtmp/encoding-lease.ts';
import { PictureOrder } from '../../../../media/ingest/rtmp/picture-order.ts';
import { encodedPicture, reencodingCost } from '../../../../media/ingest/rtmp/reencoding.ts';
import { CpuBudget } from '../../../../media/process/cpu-budget.ts';

describe('the order of pictures', () => {
  test.each([
    ['no picture yet', [], { decided: false, reordered: false }],
    ['the first without an offset', [0], { decided: true, reordered: false }],
    ['the first with one', [80], { decided: false, reordered: false }],
    ['offsets that differ', [80, 160], { decided: true, reordered: true }],
    ['one below zero', [0, -40], { decided: true, reordered: true }],
    ['B-frames after a while', [80, 80, 80, 80, 80, 200], { decided: true, reordered: true }],
    ['a constant offset', [80, 80, 80, 80], { decided: true, reordered: false }],
    ['rounding', [33, 34, 33, 34], { decided: true, reordered: false }],
  ])('%s', (_, offsets, expected) => {
    const order = new PictureOrder();
    for (const offset of offsets) order.take(offset);
    expect({ decided: order.decided, reordered: order.reordered }).toEqual(expected);
  });
});

describe('what a picture is encoded as', () => {
  test.each([
    ['its own size and rate', [1280, 720, 2000], [1280, 720, 2000]],
    ['no more than suffices', [1280, 720, 9000], [1280, 720, 3500]],
    ['720p of 1080p', [1920, 1080, 6000], [1280, 720, 3500]],
    ['an upright phone', [1080, 1920, 2500], [720, 1280, 2500]],
    ['a wide picture', [2560, 1080, 2500], [1280, 540, 2500]],
    ['even sides', [853, 479, 900], [854, 480, 900]],
    ['a rate that is not told', [640, 360, undefined], [640, 360, 800]],
    ['a rate that cannot be', [640, 360, 1], [640, 360, 200]],
  ] as const)('%s', (_, [width, height, kbps], expected) => {
    const encoded = encodedPicture({ width, height, kbps });
    expect([encoded.width, encoded.height, encoded.kbps]).toEqual(expected);
  });

  test('more pixels cost more, also where they are made fewer', () => {
    const cost = (width: number, height: number) => {
      const source = { width, height, kbps: undefined };
      return reencodingCost(source, encodedPicture(source));
    };
    expect(cost(1280, 720)).toBeCloseTo(0.5);
    expect(cost(640, 360)).toBeLessThan(cost(1280, 720));
    expect(cost(1280, 720)).toBeLessThan(cost(1920, 1080));
  });
});

describe('room for encoding', () => {
  const SMALL = { width: 640, height: 360, kbps: 800 };
  const LARGE = { width: 1280, height: 720, kbps: 2500 };

  function openLease(cores: number) {
    const budget = new CpuBudget({ cores, busyCores: () => 0 });
    const refusals: string[] = [];
    const lease = new EncodingLease({
      ...{ budget, what: 'a test', onRefused: (reason) => refusals.push(reason) },
    });
    return { budget, refusals, lease };
  }

  test('is asked for once and given back once', () => {
    const { budget, refusals, lease } = openLease(1);
    expect(lease.take(LARGE)).toEqual(LARGE);
    expect(lease.take(LARGE)).toEqual(LARGE);
    expect(budget.reserved).toEqual([{ what: 'a test', cores: 0.5 }]);
    lease.release();
    lease.release();
    expect([budget.reserved, refusals]).toEqual([[], []]);
  });

  test('grows with the picture', () => {
    const { budget, lease } = openLease(1);
    lease.take(SMALL);
    lease.take(LARGE);
    expect(budget.reserved).toEqual([{ what: 'a test', cores: 0.5 }]);
  });

  test('is not asked for again when it was refused', () => {
    const { budget, refusals, lease } = openLease(0.3);
    expect(lease.take(LARGE)).toBeNull();
    expect(lease.take(SMALL)).toBeNull();
    expect(refusals).toEqual([expect.stringContaining('0.5 of a core')]);
    expect(budget.reserved).toEqual([]);
  });
});
