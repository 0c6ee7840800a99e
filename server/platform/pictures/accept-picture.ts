import { createHash } from 'node:crypto';
import { HubError } from '../errors.ts';
import type { StrippedPicture } from './picture.ts';
import { stripJpeg } from './strip-jpeg.ts';
import { stripPng } from './strip-png.ts';
import { stripWebp } from './strip-webp.ts';

/** One that may be kept. `sha256` in hex, of the bytes as kept. */
export interface AcceptedPicture extends StrippedPicture {
  mediaType: 'image/jpeg' | 'image/png' | 'image/webp';
  sha256: string;
}

/** More than any phone takes; a picture that claims more is made to fill its reader's memory. */
const MAX_PIXELS = 64_000_000;

/**
 * Takes a picture by what it is, not by what it is called. Throws `picture.unsupported` for anything but JPEG, PNG and
 * WebP and for broken ones, `picture.too-large` beyond 64 million pixels.
 */
export function acceptPicture(bytes: Buffer): AcceptedPicture {
  const mediaType = sniffPicture(bytes);
  if (!mediaType) throw new HubError('picture.unsupported');
  const stripped = strip(mediaType, bytes);
  if (!stripped || stripped.width < 1 || stripped.height < 1) throw new HubError('picture.unsupported');
  if (stripped.width * stripped.height > MAX_PIXELS) throw new HubError('picture.too-large');
  return { ...stripped, mediaType, sha256: createHash('sha256').update(stripped.bytes).digest('hex') };
}

/** What a picture is by its first bytes; undefined for anything else. */
export function sniffPicture(bytes: Buffer): AcceptedPicture['mediaType'] | undefined {
  if (bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return 'image/jpeg';
  if (bytes.subarray(0, 8).equals(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'))) return 'image/png';
  const isWebp = bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP';
  return isWebp ? 'image/webp' : undefined;
}

function strip(mediaType: AcceptedPicture['mediaType'], bytes: Buffer): StrippedPicture | null {
  switch (mediaType) {
    case 'image/jpeg':
      return stripJpeg(bytes);
    case 'image/png':
      return stripPng(bytes);
    case 'image/webp':
      return stripWebp(bytes);
  }
}
