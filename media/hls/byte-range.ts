export type ByteRange = { start: number; end: number } | 'whole' | 'unsatisfiable';

/** RFC 9110 14.1.2 for one range; several ranges or nonsense mean the whole, as the RFC allows. `end` is inclusive. */
export function parseByteRange(header: string | undefined, totalBytes: number): ByteRange {
  const found = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (!found || (found[1] === '' && found[2] === '')) return 'whole';
  if (found[1] === '') {
    const length = Math.min(Number(found[2]), totalBytes);
    return length === 0 ? 'unsatisfiable' : { start: totalBytes - length, end: totalBytes - 1 };
  }
  const start = Number(found[1]);
  const end = found[2] === '' ? totalBytes - 1 : Math.min(Number(found[2]), totalBytes - 1);
  if (start >= totalBytes) return 'unsatisfiable';
  return end < start ? 'whole' : { start, end };
}
