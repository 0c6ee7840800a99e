import { dice } from './mutate-text.ts';

const PIECES = [
  ...['..', '%2e%2e', '%2F', '%00', '%ff', '%', '\\', ' ', '~', '?', ';x=1', '__proto__', '云岭', '😀'],
  ...[
    '-1',
    '0',
    '00000',
    '4294967296',
    '99999999999999999999',
    'NaN',
    '1e9',
    '0x1',
    '.m4s',
    '.mp4',
    '.m3u8',
    '.vtt',
  ],
  'x'.repeat(600),
];

/** Names that are nearly those given: pieces lost, doubled, turned round or replaced by what no name may hold. */
export function spoiltNames(names: readonly string[], count: number, seed = 1): string[] {
  const roll = dice(seed);
  const any = <T>(of: readonly T[]): T => of[Math.floor(roll() * of.length)]!;
  return Array.from({ length: count }, () => {
    const pieces = any(names).split(/(?<=[-.])|(?=[-.])/);
    for (let turn = 1 + Math.floor(roll() * 2); turn > 0; turn -= 1) {
      const at = Math.floor(roll() * pieces.length);
      const way = Math.floor(roll() * 5);
      if (way === 0) pieces.splice(at, 1);
      if (way === 1) pieces.splice(at, 0, pieces[at] ?? '');
      if (way === 2) pieces.reverse();
      if (way >= 3) pieces[at] = any(PIECES);
    }
    return pieces.join('');
  });
}
