import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BroadcastEvents, MediaLog } from '../contract.ts';
import type { LiveSource } from '../hls/live-source.ts';
import { nextSequence, type PartRecord, type Timeline } from '../hls/timeline.ts';
import type { EpochInit, Fragment } from '../tap/epoch.ts';
import type { InitRecord, SegmentRecord } from './contract.ts';
import { SegmentFile, writeDurably } from './segment-file.ts';
import { beginsSegment } from './segment-rules.ts';
import { initKey, recordingFolder, segmentKey } from './storage-keys.ts';

/** Parts stay listed and in memory for so many closed segments. */
const SEGMENTS_WITH_PARTS = 4;

type RecorderEvent = 'initWritten' | 'partDurable' | 'segmentClosed';

export interface RecorderOptions {
  id: string;
  storageDir: string;
  timeline: Timeline;
  source: LiveSource;
  emit: <K extends RecorderEvent>(event: K, payload: BroadcastEvents[K]) => void;
  /** After `partDurable` was emitted. */
  onPart: (fragment: Fragment) => void;
  log: MediaLog;
}

interface OpenFile {
  file: SegmentFile;
  key: string;
  startMs: number;
  endMs: number;
  keyframeAligned: boolean;
}

/** Writes fragments as segments and keeps the timeline; everything in the order in which it was handed over. */
export class Recorder {
  readonly #options: RecorderOptions;
  #queue: Promise<void> = Promise.resolve();
  #syncs: Promise<void> = Promise.resolve();
  #open: OpenFile | null = null;
  #partIndex = 0;
  /** No init could be written for the present epoch, so its fragments are of no use. */
  #initMissing = true;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  addInit(init: EpochInit): void {
    this.#enqueue('writing an init segment', () => this.#writeInit(init));
  }

  addFragment(fragment: Fragment): void {
    this.#enqueue('writing a part', () => this.#writeFragment(fragment));
  }

  /** Closes the open segment; more may follow. Resolves when all handed over so far is on the disk. */
  async flush(): Promise<void> {
    this.#enqueue('closing a segment', async () => {
      this.#closeSegment(null);
      this.#options.timeline.hint = null;
      this.#options.source.changed();
    });
    await this.#queue;
    await this.#syncs;
  }

  #enqueue(doing: string, task: () => Promise<void>): void {
    this.#queue = this.#queue.then(task).catch((error) => {
      this.#options.log('error', `${doing} failed`, { broadcast: this.#options.id, error: String(error) });
    });
  }

  async #writeInit({ bytes, codecs, width, height }: EpochInit): Promise<void> {
    const { id, storageDir, timeline } = this.#options;
    this.#closeSegment(null);
    this.#initMissing = true;
    const initIndex = (timeline.inits.at(-1)?.initIndex ?? -1) + 1;
    const record: InitRecord = {
      initIndex,
      file: initKey(id, initIndex),
      byteLength: bytes.length,
      codecs,
      width,
      height,
    };
    await mkdir(join(storageDir, recordingFolder(id)), { recursive: true });
    await writeDurably(join(storageDir, record.file), bytes);
    timeline.inits.push(record);
    this.#partIndex = 0;
    this.#initMissing = false;
    timeline.hint = { initIndex, index: 0 };
    this.#options.emit('initWritten', record);
  }

  async #writeFragment(fragment: Fragment): Promise<void> {
    const { timeline, source } = this.#options;
    if (this.#initMissing) return;
    const begins = beginsSegment({
      openMs: this.#open && fragment.startMs - this.#open.startMs,
      keyframe: fragment.keyframe,
      fragmentMs: fragment.durationMs,
      targetSeconds: timeline.targetSeconds,
    });
    if (begins) {
      this.#closeSegment(fragment.startMs);
      await this.#openSegment(fragment);
    }
    if (!this.#open || !timeline.open) return;
    await this.#open.file.append(fragment.bytes);
    this.#open.endMs = fragment.startMs + fragment.durationMs;
    const { initIndex, sequence } = timeline.open;
    const part: PartRecord = {
      initIndex,
      index: this.#partIndex,
      durationMs: fragment.durationMs,
      independent: fragment.keyframe,
    };
    this.#partIndex += 1;
    timeline.open.parts.push(part);
    timeline.hint = { initIndex, index: this.#partIndex };
    source.keepPart(part, fragment.bytes);
    source.changed();
    const { durationMs, independent } = part;
    this.#options.emit('partDurable', {
      sequence,
      part: timeline.open.parts.length - 1,
      durationMs,
      independent,
    });
    this.#options.onPart(fragment);
  }

  async #openSegment(fragment: Fragment): Promise<void> {
    const { id, storageDir, timeline } = this.#options;
    const sequence = nextSequence(timeline);
    const initIndex = timeline.inits.at(-1)?.initIndex ?? 0;
    const key = segmentKey(id, { sequence, initIndex, startMs: fragment.startMs });
    const file = await SegmentFile.create(join(storageDir, key));
    const { startMs, keyframe } = fragment;
    this.#open = { file, key, startMs, endMs: startMs, keyframeAligned: keyframe };
    const programDateTime = new Date(Math.round(startMs)).toISOString();
    timeline.open = { sequence, initIndex, programDateTime, parts: [] };
  }

  /** `nextStartMs` is where the next segment of the same epoch begins, which tells the length exactly. */
  #closeSegment(nextStartMs: number | null): void {
    const { timeline, source } = this.#options;
    const [closing, row] = [this.#open, timeline.open];
    this.#open = null;
    timeline.open = null;
    if (!closing || !row) return;
    const record: SegmentRecord = {
      sequence: row.sequence,
      discontinuitySequence: row.initIndex,
      initIndex: row.initIndex,
      file: closing.key,
      // Rounding the ends and not the length keeps the sum of all lengths exact.
      durationMs: Math.round(nextStartMs ?? closing.endMs) - Math.round(closing.startMs),
      byteLength: closing.file.byteLength,
      programDateTime: row.programDateTime,
      keyframeAligned: closing.keyframeAligned,
    };
    if (row.parts.length > 0) {
      timeline.segments.push(record);
      timeline.recentParts.set(row.sequence, row.parts);
    }
    this.#forgetOldParts();
    source.changed();
    this.#syncs = this.#syncs
      .then(() => closing.file.close())
      .then(() => {
        if (row.parts.length > 0) this.#options.emit('segmentClosed', record);
      })
      .catch((error) => {
        this.#options.log('error', 'syncing a segment failed', { file: closing.key, error: String(error) });
      });
  }

  #forgetOldParts(): void {
    const { timeline, source } = this.#options;
    for (const [sequence, parts] of timeline.recentParts) {
      if (timeline.recentParts.size <= SEGMENTS_WITH_PARTS) return;
      timeline.recentParts.delete(sequence);
      for (const part of parts) source.forgetPart(part);
    }
  }
}
