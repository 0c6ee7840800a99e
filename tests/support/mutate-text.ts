/** The same every run (mulberry32). */
export function dice(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let x = Math.imul(a ^ (a >>> 15), 1 | a);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

const JUNK = [
  '',
  '0',
  '-1',
  '4294967296',
  '99999999999999999999',
  '\u0000',
  '云岭',
  '__proto__',
  ' '.repeat(300),
  'NaN',
  '%s%n',
];

/** One to three lines of a text gone, doubled, cut, or with words lost, turned round or replaced by junk. */
export function mutate(text: string, roll: () => number): string {
  let lines = text.split('\r\n');
  const any = (count: number) => Math.floor(roll() * count);
  for (let n = 1 + any(3); n > 0; n -= 1) {
    const at = any(lines.length);
    const line = lines[at] ?? '';
    const words = line.split(/(?<=[ :=/;,])/);
    const way = any(6);
    if (way === 0) lines.splice(at, 1);
    if (way === 1) lines.splice(at, 0, lines[any(lines.length)] ?? '');
    if (way === 2) words[any(words.length)] = JUNK[any(JUNK.length)] ?? '';
    if (way === 3) words.splice(any(words.length), 1);
    if (way === 4) words.reverse();
    if (way >= 2 && way <= 4) lines[at] = words.join('');
    if (way === 5) lines = lines.join('\r\n').slice(0, any(text.length)).split('\r\n');
  }
  return lines.join('\r\n');
}
