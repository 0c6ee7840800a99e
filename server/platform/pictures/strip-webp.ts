import type { StrippedPicture } from './picture.ts';

const KEPT = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);
const HEAD_BYTES = 12;
/** Of VP8X: there is EXIF, there is XMP. */
const METADATA_FLAGS = 0x08 | 0x04;

/** A WebP without EXIF and XMP, nor what follows its end. Null when it is broken. */
export function stripWebp(bytes: Buffer): StrippedPicture | null {
  const whole = 8 + bytes.readUInt32LE(4);
  if (bytes.length < HEAD_BYTES + 8 || whole > bytes.length) return null;
  const kept: Buffer[] = [];
  let size: { width: number; height: number } | undefined;
  for (let at = HEAD_BYTES; at + 8 <= whole;) {
    const length = bytes.readUInt32LE(at + 4);
    // Chunks of an odd length are followed by a byte of padding, which some writers leave out at the end.
    const end = Math.min(at + 8 + length + (length % 2), whole);
    if (at + 8 + length > whole) return null;
    const type = bytes.toString('latin1', at, at + 4);
    const chunk = Buffer.from(bytes.subarray(at, end));
    size ??= sizeIn(type, chunk.subarray(8));
    if (type === 'VP8X') chunk[8]! &= ~METADATA_FLAGS;
    if (KEPT.has(type)) kept.push(chunk);
    at = end;
  }
  if (!size) return null;
  const body = Buffer.concat(kept);
  const head = Buffer.from(bytes.subarray(0, HEAD_BYTES));
  head.writeUInt32LE(4 + body.length, 4);
  return { bytes: Buffer.concat([head, body]), ...size };
}

function sizeIn(type: string, content: Buffer): { width: number; height: number } | undefined {
  if (type === 'VP8X' && content.length >= 10)
    return { width: content.readUIntLE(4, 3) + 1, height: content.readUIntLE(7, 3) + 1 };
  if (type === 'VP8 ' && content.length >= 10)
    return { width: content.readUInt16LE(6) & 0x3fff, height: content.readUInt16LE(8) & 0x3fff };
  if (type === 'VP8L' && content.length >= 5) {
    const packed = content.readUInt32LE(1);
    return { width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 };
  }
  return undefined;
}
