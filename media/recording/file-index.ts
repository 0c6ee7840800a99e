import { findBox, makeBox, readBoxes, type Box } from './boxes.ts';
import type { InitTrack, InitTracks } from './init-tracks.ts';
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

/** What stands before the media data of a whole MP4, gathered segment by segment. */
export class FileIndex {
  readonly #tracks = new Map<'video' | 'audio', Track>();
  #moov: Box | null = null;
  #epoch: { init: InitTracks; startMs: number; endMs: number } | null = null;
  /** Seconds on the epoch's own clock at its first picture here. */
  #epochZero: number | null = null;
  #dataBytes = 0;

  /** The segments that follow are of this init; they fill the file from `startMs` to `endMs`. */
  beginEpoch(init: InitTracks, { startMs, endMs }: { startMs: number; endMs: number }): void {
    this.#moov ??= init.moov;
    this.#epoch = { init, startMs, endMs };
    this.#epochZero = null;
    for (const track of init.tracks) {
      const known = this.#tracks.get(track.kind);
      if (!known) {
        this.#tracks.set(track.kind, { first: track, entries: [track.entry], table: new SampleTable() });
      } else if (!known.entries.some((entry) => entry.equals(track.entry))) known.entries.push(track.entry);
    }
  }

  /** `byteLength` of it are recorded; what may follow is being written still. */
  addSegment(bytes: Buffer, byteLength: number): void {
    const boxes = readBoxes(bytes.subarray(0, byteLength));
    let at = this.#dataBytes;
    for (const box of boxes) {
      if (box.type === 'moof') this.#addFragment(box, at);
      at += box.bytes.length;
    }
    this.#dataBytes += byteLength;
  }

  #addFragment(moof: Box, fragmentAt: number): void {
    const epoch = this.#epoch;
    if (!epoch) return;
    for (const run of readSampleRuns(moof, epoch.init.defaults)) {
      const own = epoch.init.tracks.find(({ trackId }) => trackId === run.trackId);
      const track = own && this.#tracks.get(own.kind);
      if (!own || !track) continue;
      if (own.kind === 'video') this.#epochZero ??= run.decodeTime / own.timescale;
      const entry = track.entries.findIndex((one) => one.equals(own.entry)) + 1;
      let at = fragmentAt + run.dataOffset;
      let seconds = run.decodeTime / own.timescale - (this.#epochZero ?? 0);
      let continues = false;
      for (const sample of run.samples) {
        // Sound that reaches beyond the picture at either end has no place between two epochs.
        const inside =
          seconds > -0.5 * (sample.duration / own.timescale) && seconds * 1000 < epoch.endMs - epoch.startMs;
        if (inside) {
          const ticks = (epoch.startMs / 1000 + seconds) * track.first.timescale;
          track.table.add(sample, { ticks, at, entry, continues });
        }
        continues = inside;
        at += sample.byteLength;
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
