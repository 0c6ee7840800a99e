import { findBox, readBoxes, type Box } from './boxes.ts';

/** What of an init segment is needed to measure its fragments. */
export interface TrackInfo {
  trackId: number;
  kind: 'video' | 'audio' | 'other';
  /** Ticks a second. */
  timescale: number;
  defaultSampleDuration: number;
}

/** One track's share of a fragment. Times in ticks of that track. */
export interface TrackRun {
  trackId: number;
  baseDecodeTime: number;
  duration: number;
  sampleCount: number;
  startsWithKeyframe: boolean;
}

export function readTracks(moov: Box): TrackInfo[] {
  const defaults = new Map(
    readBoxes(findBox(moov, 'mvex')?.body ?? Buffer.alloc(0))
      .filter((box) => box.type === 'trex')
      .map((trex) => [trex.body.readUInt32BE(4), trex.body.readUInt32BE(12)]),
  );
  return readBoxes(moov.body)
    .filter((box) => box.type === 'trak')
    .flatMap((trak) => {
      const tkhd = findBox(trak, 'tkhd')?.body;
      const mdhd = findBox(trak, 'mdia', 'mdhd')?.body;
      const handler = findBox(trak, 'mdia', 'hdlr')?.body.toString('latin1', 8, 12);
      if (!tkhd || !mdhd) return [];
      const trackId = tkhd.readUInt32BE(tkhd[0] === 1 ? 20 : 12);
      return {
        trackId,
        kind: handler === 'vide' ? 'video' : handler === 'soun' ? 'audio' : 'other',
        timescale: mdhd.readUInt32BE(mdhd[0] === 1 ? 20 : 12),
        defaultSampleDuration: defaults.get(trackId) ?? 0,
      } satisfies TrackInfo;
    });
}

export function readRuns(moof: Box, tracks: readonly TrackInfo[]): TrackRun[] {
  return readBoxes(moof.body)
    .filter((box) => box.type === 'traf')
    .flatMap((traf) => readRun(traf, tracks) ?? []);
}

function readRun(traf: Box, tracks: readonly TrackInfo[]): TrackRun | null {
  const boxes = readBoxes(traf.body);
  const tfhd = boxes.find((box) => box.type === 'tfhd')?.body;
  const tfdt = boxes.find((box) => box.type === 'tfdt')?.body;
  if (!tfhd || !tfdt) return null;
  const defaults = readFragmentHeader(tfhd);
  const fallback = tracks.find((track) => track.trackId === defaults.trackId)?.defaultSampleDuration ?? 0;
  const run: TrackRun = {
    trackId: defaults.trackId,
    baseDecodeTime: tfdt[0] === 1 ? Number(tfdt.readBigUInt64BE(4)) : tfdt.readUInt32BE(4),
    duration: 0,
    sampleCount: 0,
    startsWithKeyframe: false,
  };
  for (const trun of boxes.filter((box) => box.type === 'trun')) {
    addSamples(run, trun.body, defaults.duration ?? fallback, defaults.flags);
  }
  return run;
}

/** tfhd (8.8.7). */
function readFragmentHeader(body: Buffer): { trackId: number; duration?: number; flags?: number } {
  const present = body.readUInt32BE(0) & 0xffffff;
  const header: { trackId: number; duration?: number; flags?: number } = { trackId: body.readUInt32BE(4) };
  let at = 8;
  if (present & 0x01) at += 8;
  if (present & 0x02) at += 4;
  if (present & 0x08) {
    header.duration = body.readUInt32BE(at);
    at += 4;
  }
  if (present & 0x10) at += 4;
  if (present & 0x20) header.flags = body.readUInt32BE(at);
  return header;
}

const NON_SYNC = 0x10000;

/** trun (8.8.8). */
function addSamples(
  run: TrackRun,
  body: Buffer,
  defaultDuration: number,
  defaultFlags: number | undefined,
): void {
  const present = body.readUInt32BE(0) & 0xffffff;
  const count = body.readUInt32BE(4);
  let at = 8 + (present & 0x01 ? 4 : 0);
  let firstFlags = defaultFlags;
  if (present & 0x04) {
    firstFlags = body.readUInt32BE(at);
    at += 4;
  }
  for (let sample = 0; sample < count; sample += 1) {
    run.duration += present & 0x100 ? body.readUInt32BE(at) : defaultDuration;
    at += (present & 0x100 ? 4 : 0) + (present & 0x200 ? 4 : 0);
    if (present & 0x400) {
      if (sample === 0) firstFlags = body.readUInt32BE(at);
      at += 4;
    }
    at += present & 0x800 ? 4 : 0;
    if (sample === 0 && run.sampleCount === 0) run.startsWithKeyframe = ((firstFlags ?? 0) & NON_SYNC) === 0;
  }
  run.sampleCount += count;
}
