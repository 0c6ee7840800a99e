import { expect, it } from 'vitest';
import { CLOTHS, stitch, THREADS } from '../../web/lib/ui/woven/weave.ts';

it.each(Object.entries(CLOTHS))(
  'weaves a %s that is even on both sides and repeats without a seam',
  (_n, cloth) => {
    const width = cloth[0]?.length ?? 0;
    for (const row of cloth) {
      expect(row).toHaveLength(width);
      expect([...row.slice(1)].reverse().join('')).toBe(row.slice(1));
    }
    expect([...cloth].reverse()).toEqual(cloth);
  },
);

it('joins neighbouring stitches and loses none', () => {
  expect(stitch(['rr r', ' rr '], 'r')).toBe('M0 0h2v1h-2zM3 0h1v1h-1zM1 1h2v1h-2z');
  const stitches = CLOTHS.band.join('').replaceAll(' ', '').length;
  const woven = Object.keys(THREADS).flatMap((thread) =>
    [...stitch(CLOTHS.band, thread).matchAll(/h(\d+)v/g)].map((run) => Number(run[1])),
  );
  expect(woven.reduce((sum, run) => sum + run, 0)).toBe(stitches);
});
