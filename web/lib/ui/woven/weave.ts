/** One thread of the cloth; a space leaves the ground. */
type Thread = 'r' | 'y' | 'g' | 'b' | 'w';

export const THREADS: Readonly<Record<Thread, string>> = {
  r: 'var(--cloth-red)',
  y: 'var(--cloth-yellow)',
  g: 'var(--cloth-green)',
  b: 'var(--cloth-blue)',
  w: 'var(--cloth-white)',
};

/**
 * A quarter of the band's repeat: the middle row is the last one, and the cloth is mirrored about its first and last
 * columns, as a weaver counts it. The large lozenge with hooked horns is Jingpo; the small one between is the
 * eight-petal flower of Dai brocade; the dog-tooth edge runs along both.
 */
const BAND = [
  'yyyyyyyyyyyyyyyyy',
  '                 ',
  'r r r r r r r r r',
  'rr rrr rrr rrr rr',
  'rrrrrrrrrrrrrrrrr',
  '                 ',
  'y      ww       y',
  'yy     w      w y',
  ' yy    w  r  ww  ',
  '      ww rr  w  r',
  'b    w  rr  ww rr',
  'bb  ww rr  ww rry',
  ' b ww rr  ww rry ',
  '  ww rr  ww rry g',
  'ww  rr  ww rry gg',
  'ww rr  ww rry ggw',
  'w rr  ww rry ggww',
];

/** The narrow ribbon: one row of lozenges, readable at a stitch a pixel. */
const RIBBON = ['rrrrrrr', '      w', 'y    ww', '    ww ', 'b  ww r', '  ww ry', ' ww ryg'];

export const CLOTHS = { ribbon: weave(RIBBON), band: weave(BAND) };

/** The whole repeat, mirrored out of the quarter: rows of equal length. */
function weave(quarter: readonly string[]): string[] {
  const wide = quarter.map((row) => row + [...row.slice(1, -1)].reverse().join(''));
  return [...wide, ...wide.slice(0, -1).reverse()];
}

/** The stitches of one thread as an SVG path, neighbours in a row joined. One stitch is one unit square. */
export function stitch(cloth: readonly string[], thread: string): string {
  return cloth
    .flatMap((row, y) =>
      [...row.matchAll(new RegExp(`${thread}+`, 'g'))].map(
        (run) => `M${run.index} ${y}h${run[0].length}v1h-${run[0].length}z`,
      ),
    )
    .join('');
}
