import { findBox, makeBox, readBoxes, type Box } from './boxes.ts';
import type { InitTrack, InitTracks } from './init-tracks.ts';
import { readParameterSets } from './parameter-sets.ts';
import { fullBox, SampleTable, uint32s, uint64s } from './sample-table.ts';
import { readSampleRuns } from './samples.ts';

export type { InitTracks } from './init-tracks.ts';

/** Milliseconds. */
const MOVIE_TIMESCALE = 1000;
const FTYP = makeBox('ftyp', Buffer.from('isom\0\0\x02\0isomiso2avc1mp41', 'latin1'));
const MDAT_HEADER_BYTES = 16;

interface Track {
  first: InitTrack;
  entries: Buffer[];
  table: SampleTable;
}

/** A stretch of the media data: of the `segment`th segment added, or bytes that stand in none. */
export type Piece = { segment: number; start: number; byteLength: number } | { bytes: Buffer };

/**
 * What stands before the media data of a whole MP4, gathered segment by segment, and what those are made of. Where the format
 * of the picture changes, each keyframe is preceded by its parameter sets (`avc3`, ISO 14496-15 5.4.2.1.2): browsers do
 * not look at the sample entries again in mid-file.
 */
export class FileIndex {
  /** The media data in their order. */
  readonly pieces: Piece[] = [];
  readonly #repeatsSets: boolean;
  readonly #tracks = new Map<'video' | 'audio', Track>();
  #moov: Box | null = null;
  #epoch: { init: InitTracks; startMs: number; endMs: number } | null = null;
  /** Seconds on the epoch's own clock at its first picture here. */
  #epochZero: number | null = null;
  #dataBytes = 0;
  #segments = 0;
  /** Up to where the segment at hand stands in `pieces`. */
  #takenTo = 0;

  /** All inits of the file, in any order. */
  constructor(inits: readonly InitTracks[]) {
    const pictures = inits.flatMap(({ tracks }) => tracks.filter(({ kind }) => kind === 'video'));
    this.#repeatsSets = pictures.some(({ entry }) => !entry.equals(pictures[0]!.entry));
  }

  /** The segments that follow are of this init; they fill the file from `startMs` to `endMs`. */
  beginEpoch(init: InitTracks, { startMs, endMs }: { startMs: number; endMs: number }): void {
    this.#moov ??= init.moov;
    this.#epoch = { init, startMs, endMs };
    this.#epochZero = null;
    for (const track of init.tracks) {
      const known = this.#tracks.get(track.kind);
      const entry = this.#entryOf(track);
      if (!known) {
        this.#tracks.set(track.kind, { first: track, entries: [entry], table: new SampleTable() });
      } else if (!known.entries.some((one) => one.equals(entry))) known.entries.push(entry);
    }
  }

  /** `byteLength` of it are recorded; what may follow is being written still. */
  addSegment(bytes: Buffer, byteLength: number): void {
    this.#takenTo = 0;
    let at = 0;
    for (const box of readBoxes(bytes.subarray(0, byteLength))) {
      if (box.type === 'moof') this.#addFragment(box, at);
      at += box.bytes.length;
    }
    this.#takeTo(byteLength);
    this.#segments += 1;
  }

  /** Where what stands at `at` of the segment at hand comes to lie in the media data. */
  #placeOf(at: number): number {
    return this.#dataBytes + at - this.#takenTo;
  }

  #takeTo(at: number): void {
    const byteLength = at - this.#takenTo;
    if (byteLength === 0) return;
    this.pieces.push({ segment: this.#segments, start: this.#takenTo, byteLength });
    this.#dataBytes += byteLength;
    this.#takenTo = at;
  }

  /** Puts bytes before what stands at `at` of the segment at hand; where they come to lie. */
  #insert(bytes: Buffer, at: number): number {
    this.#takeTo(at);
    this.pieces.push({ bytes });
    this.#dataBytes += bytes.length;
    return this.#dataBytes - bytes.length;
  }

  #entryOf({ kind, entry }: InitTrack): Buffer {
    if (kind !== 'video' || !this.#repeatsSets) return entry;
    const renamed = Buffer.from(entry);
    renamed.write('avc3', 4, 'latin1');
    return renamed;
  }

  #addFragment(moof: Box, fragmentAt: number): void {
    const epoch = this.#epoch;
    if (!epoch) return;
    const sets = this.#repeatsSets ? setsAsSample(epoch.init.moov) : null;
    // As they lie in the file.
    const runs = readSampleRuns(moof, epoch.init.defaults).sort((a, b) => a.dataOffset - b.dataOffset);
    for (const run of runs) {
      const own = epoch.init.tracks.find(({ trackId }) => trackId === run.trackId);
      const track = own && this.#tracks.get(own.kind);
      if (!own || !track) continue;
      if (own.kind === 'video') this.#epochZero ??= run.decodeTime / own.timescale;
      const entry = track.entries.findIndex((one) => one.equals(this.#entryOf(own))) + 1;
      let from = fragmentAt + run.dataOffset;
      let seconds = run.decodeTime / own.timescale - (this.#epochZero ?? 0);
      let continues = false;
      for (const sample of run.samples) {
        // Sound that reaches beyond the picture at either end has no place between two epochs.
        const inside =
          seconds > -0.5 * (sample.duration / own.timescale) && seconds * 1000 < epoch.endMs - epoch.startMs;
        if (inside) {
          const ticks = (epoch.startMs / 1000 + seconds) * track.first.timescale;
          const ahead = own.kind === 'video' && sample.keyframe ? sets : null;
          const at = ahead ? this.#insert(ahead, from) : this.#placeOf(from);
          const byteLength = sample.byteLength + (ahead?.length ?? 0);
          track.table.add({ ...sample, byteLength }, { ticks, at, entry, continues });
        }
        continues = inside;
        from += sample.byteLength;
        seconds += sample.duration / own.timescale;
      }
    }
  }

  /** `cutMs` of the first segment are not shown; `durationMs` are, out of `wholeMs`. */
  render(times: { cutMs: number; durationMs: number; wholeMs: number }): Buffer {
    // Offsets have a fixed width: the index is as long whatever they are.
    const length = this.#moovBytes(times, 0).length;
    const dataAt = FTYP.length + length + MDAT_HEADER_BYTES;
    const mdat = Buffer.concat([
      uint32s([1]),
      Buffer.from('mdat'),
      uint64s([this.#dataBytes + MDAT_HEADER_BYTES]),
    ]);
    return Buffer.concat([FTYP, this.#moovBytes(times, dataAt), mdat]);
  }

  #moovBytes(times: { cutMs: number; durationMs: number; wholeMs: number }, dataAt: number): Buffer {
    const mvhd = this.#moov && findBox(this.#moov, 'mvhd');
    if (!mvhd) throw new RangeError('there is no init segment');
    const header = Buffer.from(mvhd.bytes);
    // Version 0: times, timescale, duration.
    header.writeUInt32BE(MOVIE_TIMESCALE, 20);
    header.writeUInt32BE(times.durationMs, 24);
    const traks = [...this.#tracks.values()]
      .filter(({ table }) => table.length > 0)
      .map((track) => renderTrack(track, times, dataAt));
    return makeBox('moov', Buffer.concat([header, ...traks]));
  }
}

/** The parameter sets of an init, as they stand in front of a picture: each behind its length in four bytes. */
function setsAsSample(moov: Box): Buffer {
  const sets = readParameterSets(moov) ?? [];
  return Buffer.concat(sets.flatMap((set) => [uint32s([set.length]), set]));
}

function renderTrack(
  { first, entries, table }: Track,
  { cutMs, durationMs, wholeMs }: { cutMs: number; durationMs: number; wholeMs: number },
  dataAt: number,
): Buffer {
  const ticks = (ms: number) => Math.round((ms * first.timescale) / 1000);
  const tkhd = Buffer.from(findBox(first.trak, 'tkhd')!.bytes);
  // Version 0: flags, two times, id, reserved, duration.
  tkhd.writeUInt32BE(durationMs, 28);
  const edit = [uint32s([1]), uint64s([durationMs, ticks(cutMs) + table.firstOffset]), uint32s([0x10000])];
  const mdia = findBox(first.trak, 'mdia')!;
  const minf = findBox(mdia, 'minf')!;
  const mdhd = [
    uint64s([0, 0]),
    uint32s([first.timescale]),
    uint64s([ticks(wholeMs)]),
    uint32s([0x55c40000]),
  ];
  const stbl = table.render({ entries, endTicks: ticks(wholeMs), dataAt, allSync: first.kind === 'audio' });
  const kept = readBoxes(minf.body).filter(({ type }) => type !== 'stbl');
  return makeBox(
    'trak',
    Buffer.concat([
      tkhd,
      makeBox('edts', fullBox('elst', edit, 1)),
      makeBox(
        'mdia',
        Buffer.concat([
          fullBox('mdhd', mdhd, 1),
          findBox(mdia, 'hdlr')!.bytes,
          makeBox('minf', Buffer.concat([...kept.map(({ bytes }) => bytes), stbl])),
        ]),
      ),
    ]),
  );
}
