import { findBox, readBoxes, type Box } from './boxes.ts';
import { readTracks } from './fragment.ts';
import { readSampleDefaults, type SampleDefaults } from './samples.ts';

/** One track of an init segment: what a file's own index takes over from it. */
export interface InitTrack {
  trackId: number;
  kind: 'video' | 'audio';
  timescale: number;
  /** The sample entry (avc1, mp4a) with its codec's configuration. */
  entry: Buffer;
  trak: Box;
}

export interface InitTracks {
  moov: Box;
  tracks: InitTrack[];
  defaults: Map<number, SampleDefaults>;
}

/** Throws a `RangeError` for an init segment without sample entries. */
export function readInitTracks(moov: Box): InitTracks {
  const traks = readBoxes(moov.body).filter(({ type }) => type === 'trak');
  const tracks = readTracks(moov).flatMap(({ trackId, kind, timescale }, at) => {
    const trak = traks[at];
    if (!trak || kind === 'other') return [];
    const stsd = findBox(trak, 'mdia', 'minf', 'stbl', 'stsd');
    // Behind version, flags and count.
    const entry = stsd?.body.subarray(8);
    if (!entry || entry.length === 0) throw new RangeError('the init segment has no sample entry');
    return { trackId, kind, timescale, entry, trak };
  });
  const mvex = findBox(moov, 'mvex');
  return { moov, tracks, defaults: mvex ? readSampleDefaults(mvex) : new Map<number, SampleDefaults>() };
}
