import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { readBoxes, type Box } from './boxes.ts';
import type { InitRecord, Recording } from './contract.ts';
import { FileIndex, type InitTracks } from './file-index.ts';
import { readInitTracks } from './init-tracks.ts';
import { segmentsWithin, type Span } from './span.ts';

/** An MP4 that exists nowhere as a file: an index in front, and behind it the recorded segments as they are. */
export interface Mp4Download {
  byteLength: number;
  durationMs: number;
  /** The bytes from `start` to `end`, both inclusive. Must be consumed or destroyed. */
  read(range?: { start: number; end: number }): Readable;
}

/**
 * The recording as one MP4, nothing encoded and nothing copied: its index points into the segments, whose fragment
 * headers lie unused between the samples. Changes of format become further sample entries, time in which nothing was
 * recorded is left out, and an edit list cuts both ends exactly. Throws `RangeError` when nothing lies within the span,
 * and what reading throws when a file is missing.
 */
export async function openDownload(
  storageDir: string,
  recording: Recording,
  span?: Span,
): Promise<Mp4Download> {
  const { segments, firstMs } = segmentsWithin(recording.segments, span);
  if (segments.length === 0) throw new RangeError('nothing was recorded there');
  const wholeMs = segments.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const cutMs = Math.max(0, (span?.startMs ?? 0) - firstMs);
  const durationMs = Math.min(span?.endMs ?? Infinity, firstMs + wholeMs) - firstMs - cutMs;
  const index = new FileIndex();
  let atMs = 0;
  let initIndex = -1;
  for (const [at, segment] of segments.entries()) {
    if (segment.initIndex !== initIndex) {
      initIndex = segment.initIndex;
      const tracks = await readInit(storageDir, recording.inits, initIndex);
      const epoch = segments.slice(at).findIndex((later) => later.initIndex !== initIndex);
      const ofEpoch = segments.slice(at, epoch < 0 ? undefined : at + epoch);
      const endMs = atMs + ofEpoch.reduce((sum, one) => sum + one.durationMs, 0);
      index.beginEpoch(tracks, { startMs: atMs, endMs });
    }
    index.addSegment(await readFile(join(storageDir, segment.file)), segment.byteLength);
    atMs += segment.durationMs;
  }
  const head = index.render({ cutMs, durationMs, wholeMs });
  const files = segments.map(({ file, byteLength }) => ({ path: join(storageDir, file), byteLength }));
  const byteLength = head.length + files.reduce((sum, file) => sum + file.byteLength, 0);
  return {
    byteLength,
    durationMs,
    read: (range = { start: 0, end: byteLength - 1 }) => Readable.from(piecesOf(head, files, range)),
  };
}

async function readInit(storageDir: string, inits: InitRecord[], initIndex: number): Promise<InitTracks> {
  const init = inits.find((one) => one.initIndex === initIndex);
  if (!init) throw new RangeError(`there is no init segment ${initIndex}`);
  const moov = readBoxes(await readFile(join(storageDir, init.file))).find(isMoov);
  if (!moov) throw new RangeError(`"${init.file}" is not an init segment`);
  return readInitTracks(moov);
}

const isMoov = ({ type }: Box) => type === 'moov';

async function* piecesOf(
  head: Buffer,
  files: { path: string; byteLength: number }[],
  { start, end }: { start: number; end: number },
): AsyncGenerator<Buffer> {
  if (start < head.length) yield head.subarray(start, end + 1);
  let at = head.length;
  for (const { path, byteLength } of files) {
    const from = Math.max(start - at, 0);
    const to = Math.min(end - at, byteLength - 1);
    if (from <= to)
      for await (const chunk of createReadStream(path, { start: from, end: to })) yield chunk as Buffer;
    at += byteLength;
    if (at > end) return;
  }
}
