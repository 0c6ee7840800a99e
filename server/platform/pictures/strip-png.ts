import type { StrippedPicture } from './picture.ts';

const SIGNATURE_BYTES = 8;
/** What makes the picture: pixels, palette, transparency, colour, size on paper, movement. */
const KEPT = new Set('IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs acTL fcTL fdAT'.split(' '));

/** A PNG without texts, times and EXIF, nor what follows its end. Null when it is broken. */
export function stripPng(bytes: Buffer): StrippedPicture | null {
  const kept = [bytes.subarray(0, SIGNATURE_BYTES)];
  let size: { width: number; height: number } | undefined;
  let pictured = false;
  for (let at = SIGNATURE_BYTES; at + 12 <= bytes.length;) {
    const end = at + 12 + bytes.readUInt32BE(at);
    if (end > bytes.length) return null;
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (!size) {
      if (type !== 'IHDR' || end - at !== 25) return null;
      size = { width: bytes.readUInt32BE(at + 8), height: bytes.readUInt32BE(at + 12) };
    }
    pictured ||= type === 'IDAT';
    if (KEPT.has(type)) kept.push(bytes.subarray(at, end));
    if (type === 'IEND') return pictured ? { bytes: Buffer.concat(kept), ...size } : null;
    at = end;
  }
  return null;
}
