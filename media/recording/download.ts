import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { readBoxes, type Box } from './boxes.ts';
import type { InitRecord, Recording } from './contract.ts';
import { FileIndex, type InitTracks, type Piece } from './file-index.ts';
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
 * headers lie unused between the samples. Changes of format become further sample entries, repeated before the keyframes,
 * time in which nothing was recorded is left out, and an edit list cuts both ends exactly. Throws `RangeError` when nothing lies within the span,
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
  const inits = new Map<number, InitTracks>();
  for (const { initIndex } of segments)
    if (!inits.has(initIndex)) inits.set(initIndex, await readInit(storageDir, recording.inits, initIndex));
  const index = new FileIndex([...inits.values()]);
  let atMs = 0;
  let initIndex = -1;
  for (const [at, segment] of segments.entries()) {
    if (segment.initIndex !== initIndex) {
      initIndex = segment.initIndex;
      const epoch = segments.slice(at).findIndex((later) => later.initIndex !== initIndex);
      const ofEpoch = segments.slice(at, epoch < 0 ? undefined : at + epoch);
      const endMs = atMs + ofEpoch.reduce((sum, one) => sum + one.durationMs, 0);
      index.beginEpoch(inits.get(initIndex)!, { startMs: atMs, endMs });
    }
    index.addSegment(await readFile(join(storageDir, segment.file)), segment.byteLength);
    atMs += segment.durationMs;
  }
  const head = index.render({ cutMs, durationMs, wholeMs });
  const pieces: Piece[] = [{ bytes: head }, ...index.pieces];
  const byteLength = pieces.reduce((sum, piece) => sum + lengthOf(piece), 0);
  const paths = segments.map(({ file }) => join(storageDir, file));
  return {
    byteLength,
    durationMs,
    read: (range = { start: 0, end: byteLength - 1 }) => Readable.from(bytesOf(pieces, paths, range)),
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

const lengthOf = (piece: Piece) => ('bytes' in piece ? piece.bytes.length : piece.byteLength);

async function* bytesOf(
  pieces: readonly Piece[],
  paths: readonly string[],
  { start, end }: { start: number; end: number },
): AsyncGenerator<Buffer> {
  let at = 0;
  for (const piece of pieces) {
    const from = Math.max(start - at, 0);
    const to = Math.min(end - at, lengthOf(piece) - 1);
    if (from <= to) {
      if ('bytes' in piece) yield piece.bytes.subarray(from, to + 1);
      else {
        const within = { start: piece.start + from, end: piece.start + to };
        for await (const chunk of createReadStream(paths[piece.segment]!, within)) yield chunk as Buffer;
      }
    }
    at += lengthOf(piece);
    if (at > end) return;
  }
}
