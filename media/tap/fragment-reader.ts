import { BoxReader, type Box } from '../recording/boxes.ts';
import { readRuns, readTracks, type TrackInfo, type TrackRun } from '../recording/fragment.ts';

/** One moof + mdat of a file with a single track. Times in milliseconds from the file's start. */
export interface TrackFragment {
  bytes: Buffer;
  run: TrackRun;
  startMs: number;
  durationMs: number;
}

export interface TrackInit {
  ftyp: Box | null;
  moov: Box;
}

/** Reads a fragmented MP4 with one track as it is written. */
export class FragmentReader {
  readonly #boxes = new BoxReader();
  readonly #onInit: (init: TrackInit) => void;
  readonly #onFragment: (fragment: TrackFragment) => void;
  #ftyp: Box | null = null;
  #track: TrackInfo | null = null;
  #moof: Box | null = null;

  constructor(onInit: (init: TrackInit) => void, onFragment: (fragment: TrackFragment) => void) {
    this.#onInit = onInit;
    this.#onFragment = onFragment;
  }

  push(chunk: Buffer): void {
    for (const box of this.#boxes.push(chunk)) {
      if (box.type === 'ftyp') this.#ftyp = box;
      else if (box.type === 'moov') this.#takeInit(box);
      else if (box.type === 'moof') this.#moof = box;
      else if (box.type === 'mdat') this.#takeFragment(box);
    }
  }

  #takeInit(moov: Box): void {
    this.#track = readTracks(moov)[0] ?? null;
    this.#onInit({ ftyp: this.#ftyp, moov });
  }

  #takeFragment(mdat: Box): void {
    const [moof, track] = [this.#moof, this.#track];
    this.#moof = null;
    const run = moof && track && readRuns(moof, [track])[0];
    if (!run) return;
    const toMs = (ticks: number) => (ticks * 1000) / track.timescale;
    const bytes = Buffer.concat([moof.bytes, mdat.bytes]);
    this.#onFragment({ bytes, run, startMs: toMs(run.baseDecodeTime), durationMs: toMs(run.duration) });
  }
}
