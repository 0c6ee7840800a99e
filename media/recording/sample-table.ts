import { makeBox } from './boxes.ts';
import type { Sample } from './samples.ts';

/**
 * The samples of one track of a whole file, and the tables of them (ISO 14496-12 8.6 and 8.7). Times are in ticks of
 * the track, from the start of the file.
 */
export class SampleTable {
  readonly #times: number[] = [];
  readonly #sizes: number[] = [];
  readonly #keyframes: number[] = [];
  readonly #offsets: number[] = [];
  readonly #chunks: { at: number; samples: number; entry: number }[] = [];

  get length(): number {
    return this.#times.length;
  }

  get firstOffset(): number {
    return this.#offsets[0] ?? 0;
  }

  /** A sample at `at` bytes in the media data, of the sample entry `entry`, counted from 1. `ticks` rises. */
  add(sample: Sample, place: { ticks: number; at: number; entry: number; continues: boolean }): void {
    // The first is shown from the very start: nothing else is there to be shown.
    const floor = this.#times.length === 0 ? 0 : this.#times.at(-1)! + 1;
    this.#times.push(this.#times.length === 0 ? 0 : Math.max(Math.round(place.ticks), floor));
    this.#sizes.push(sample.byteLength);
    this.#offsets.push(sample.compositionOffset);
    if (sample.keyframe) this.#keyframes.push(this.#times.length);
    const chunk = this.#chunks.at(-1);
    if (place.continues && chunk) chunk.samples += 1;
    else this.#chunks.push({ at: place.at, samples: 1, entry: place.entry });
  }

  /** `entries` are the sample entries; `dataAt` is where the media data begin in the file. */
  render(options: { entries: Buffer[]; endTicks: number; dataAt: number; allSync: boolean }): Buffer {
    const { entries, endTicks, dataAt, allSync } = options;
    const durations = this.#times.map((time, at) => Math.max(1, (this.#times[at + 1] ?? endTicks) - time));
    const tables = [
      fullBox('stsd', [uint32s([entries.length]), ...entries]),
      fullBox('stts', counted(runLengths(durations))),
      fullBox('stsc', counted(this.#chunkRuns())),
      fullBox('stsz', [uint32s([0, this.#sizes.length]), uint32s(this.#sizes)]),
      fullBox('co64', [uint32s([this.#chunks.length]), uint64s(this.#chunks.map(({ at }) => at + dataAt))]),
    ];
    if (!allSync) tables.push(fullBox('stss', counted(this.#keyframes.map((number) => [number]))));
    if (this.#offsets.some((offset) => offset !== 0))
      tables.push(fullBox('ctts', counted(runLengths(this.#offsets)), 1));
    return makeBox('stbl', Buffer.concat(tables));
  }

  /** First chunk, samples a chunk, sample entry: wherever these change. */
  #chunkRuns(): number[][] {
    const runs: number[][] = [];
    for (const [at, { samples, entry }] of this.#chunks.entries()) {
      const last = runs.at(-1);
      if (last?.[1] !== samples || last[2] !== entry) runs.push([at + 1, samples, entry]);
    }
    return runs;
  }
}

/** A box with a version and flags of zero. */
export function fullBox(type: string, content: Buffer[], version = 0): Buffer {
  return makeBox(type, Buffer.concat([Buffer.from([version, 0, 0, 0]), ...content]));
}

export function uint32s(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  // Composition offsets may be below zero.
  for (const [at, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, at * 4);
  return bytes;
}

export function uint64s(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 8);
  for (const [at, value] of values.entries()) bytes.writeBigUInt64BE(BigInt(value), at * 8);
  return bytes;
}

function counted(rows: readonly number[][]): Buffer[] {
  return [uint32s([rows.length]), uint32s(rows.flat())];
}

function runLengths(values: readonly number[]): number[][] {
  const runs: number[][] = [];
  for (const value of values) {
    const last = runs.at(-1);
    if (last?.[1] === value) last[0]! += 1;
    else runs.push([1, value]);
  }
  return runs;
}
