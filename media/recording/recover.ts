import { readdir, readFile, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { MediaError } from '../errors.ts';
import { readPictureFormat } from '../tap/sps.ts';
import { findBox, readBoxes } from './boxes.ts';
import type { InitRecord, Recording, SegmentRecord } from './contract.ts';
import { readRuns, readTracks, type TrackInfo } from './fragment.ts';
import { readParameterSets } from './parameter-sets.ts';
import { splitRecording } from './split-recording.ts';
import { initKey, parseInitFile, parseSegmentFile, recordingFolder } from './storage-keys.ts';

/** What is stored of a broadcast but not among the known rows. Cuts half-written segments; safe to repeat. */
export async function recoverRecording(storageDir: string, id: string, known: Recording): Promise<Recording> {
  const folder = recordingFolder(id);
  const names = await readdir(join(storageDir, folder)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const inits = [...known.inits, ...(known.lower?.inits ?? [])];
  const segments = [...known.segments, ...(known.lower?.segments ?? [])];
  const found: { inits: InitRecord[]; segments: SegmentRecord[] } = { inits: [], segments: [] };
  const knownInits = new Set(inits.map(initName));
  for (const parsed of names
    .map(parseInitFile)
    .filter((one) => one !== null)
    .sort((a, b) => a.initIndex - b.initIndex)) {
    const init = knownInits.has(initName(parsed)) ? null : await recoverInit(storageDir, id, parsed);
    if (init) found.inits.push(init);
  }
  inits.push(...found.inits);
  const knownSegments = new Set(segments.map(segmentName));
  for (const name of names.toSorted()) {
    const parsed = parseSegmentFile(name);
    const init = parsed && inits.find((one) => initName(one) === initName(parsed));
    if (!parsed || !init || knownSegments.has(segmentName(parsed))) continue;
    const segment = await recoverSegment(storageDir, `${folder}/${name}`, init.file);
    if (segment) {
      knownSegments.add(segmentName(segment));
      found.segments.push(segment);
    }
  }
  return splitRecording(found);
}

const initName = ({ rendition, initIndex }: Pick<InitRecord, 'rendition' | 'initIndex'>) =>
  `${rendition ?? ''} ${initIndex}`;
const segmentName = ({ rendition, sequence }: Pick<SegmentRecord, 'rendition' | 'sequence'>) =>
  `${rendition ?? ''} ${sequence}`;

async function recoverInit(
  storageDir: string,
  id: string,
  parsed: Pick<InitRecord, 'rendition' | 'initIndex'>,
): Promise<InitRecord | null> {
  const file = initKey(id, parsed.initIndex, parsed.rendition);
  const bytes = await readFile(join(storageDir, file));
  const moov = readBoxes(bytes).find(({ type }) => type === 'moov');
  const sps = moov && readParameterSets(moov)?.[0];
  if (!sps) return null;
  const { codec, width, height } = readPictureFormat(sps);
  return { ...parsed, file, byteLength: bytes.length, codecs: `${codec},mp4a.40.2`, width, height };
}

/**
 * Cuts a segment to its last whole moof + mdat and measures it; null when not even one is whole. At most one part is
 * lost, the one that was being written. `bad-segment` when its init segment is missing or broken.
 */
export async function recoverSegment(
  storageDir: string,
  file: string,
  initFile: string,
): Promise<SegmentRecord | null> {
  const parsed = parseSegmentFile(file.split('/').at(-1) ?? '');
  if (!parsed) throw new MediaError('bad-segment', `"${file}" is not named like a segment`);
  const path = join(storageDir, file);
  const tracks = await readInitTracks(join(storageDir, initFile));
  const { byteLength, durationMs, startsWithKeyframe } = measure(await readFile(path), tracks);
  if (byteLength === 0) return null;
  if ((await stat(path)).size > byteLength) await truncate(path, byteLength);
  return {
    ...(parsed.rendition ? { rendition: parsed.rendition } : {}),
    sequence: parsed.sequence,
    discontinuitySequence: parsed.initIndex,
    initIndex: parsed.initIndex,
    file,
    durationMs,
    byteLength,
    programDateTime: new Date(parsed.startMs).toISOString(),
    keyframeAligned: startsWithKeyframe,
  };
}

async function readInitTracks(path: string): Promise<TrackInfo[]> {
  const moov = readBoxes(await readFile(path)).find(({ type }) => type === 'moov');
  if (!moov || !findBox(moov, 'mvex'))
    throw new MediaError('bad-segment', `"${path}" is not an init segment`);
  return readTracks(moov);
}

function measure(bytes: Buffer, tracks: TrackInfo[]) {
  const video = tracks.find(({ kind }) => kind === 'video');
  let [byteLength, startsWithKeyframe] = [0, false];
  let [firstTick, endTick] = [Infinity, 0];
  const boxes = readBoxes(bytes);
  for (let at = 0; at + 1 < boxes.length; at += 2) {
    const [moof, mdat] = [boxes[at]!, boxes[at + 1]!];
    if (moof.type !== 'moof' || mdat.type !== 'mdat') break;
    const run = readRuns(moof, tracks).find(({ trackId }) => trackId === video?.trackId);
    if (byteLength === 0) startsWithKeyframe = run?.startsWithKeyframe ?? false;
    if (run) {
      firstTick = Math.min(firstTick, run.baseDecodeTime);
      endTick = Math.max(endTick, run.baseDecodeTime + run.duration);
    }
    byteLength += moof.bytes.length + mdat.bytes.length;
  }
  const durationMs =
    video && endTick > firstTick ? Math.round(((endTick - firstTick) * 1000) / video.timescale) : 0;
  return { byteLength, durationMs, startsWithKeyframe };
}
