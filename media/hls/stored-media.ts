import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { HlsAnswer } from './contract.ts';
import { parseByteRange } from './byte-range.ts';

/** Recorded media never change under their name. */
export const IMMUTABLE_SECONDS = 31_536_000;

/** A stored file as an answer; `not-found` when the row outlived the file. */
export async function readStoredMedia(
  storageDir: string,
  file: { key: string; contentType: string; range?: string | undefined },
): Promise<HlsAnswer> {
  const path = join(storageDir, file.key);
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (!found) return { kind: 'not-found' };
  const range = parseByteRange(file.range, found.size);
  if (range === 'unsatisfiable') return { kind: 'range-not-satisfiable', totalBytes: found.size };
  const common = { kind: 'media', contentType: file.contentType, maxAgeSeconds: IMMUTABLE_SECONDS } as const;
  if (range === 'whole') return { ...common, body: createReadStream(path), byteLength: found.size };
  const body = createReadStream(path, range);
  return {
    ...common,
    body,
    byteLength: range.end - range.start + 1,
    range: { ...range, totalBytes: found.size },
  };
}

/** Bytes that are in memory, or the range of them that was asked for. */
export function mediaAnswer(
  bytes: Buffer,
  options: { contentType: string; range?: string | undefined },
): HlsAnswer {
  const { contentType } = options;
  const range = parseByteRange(options.range, bytes.length);
  if (range === 'unsatisfiable') return { kind: 'range-not-satisfiable', totalBytes: bytes.length };
  const common = { kind: 'media', contentType, maxAgeSeconds: IMMUTABLE_SECONDS } as const;
  if (range === 'whole') return { ...common, body: bytes, byteLength: bytes.length };
  const body = bytes.subarray(range.start, range.end + 1);
  return { ...common, body, byteLength: body.length, range: { ...range, totalBytes: bytes.length } };
}
