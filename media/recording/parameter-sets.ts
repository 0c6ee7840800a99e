import type { Box } from './boxes.ts';

/**
 * The SPS, then the PPS of avcC (ISO 14496-15 5.3.3.1), or null where there is none. Sample entries are searched by
 * name, they are no plain containers.
 */
export function readParameterSets(moov: Box): Buffer[] | null {
  const found = moov.bytes.indexOf('avcC');
  if (found < 0) return null;
  const sets: Buffer[] = [];
  let at = found + 4 + 5;
  for (const mask of [0x1f, 0xff]) {
    const count = moov.bytes.readUInt8(at) & mask;
    at += 1;
    for (let index = 0; index < count; index += 1) {
      const end = at + 2 + moov.bytes.readUInt16BE(at);
      sets.push(moov.bytes.subarray(at + 2, end));
      at = end;
    }
  }
  return sets;
}
