import { join } from 'node:path';
import type { BroadcastEvents, MediaLog } from '../contract.ts';
import { makeFolder, writeDurably } from '../durable.ts';
import type { LiveSource } from '../hls/live-source.ts';
import { nextSequence, type OpenSegment, type PartRecord, type Timeline } from '../hls/timeline.ts';
import type { EpochInit, Fragment } from '../tap/epoch.ts';
import type { InitRecord, SegmentRecord } from './contract.ts';
import { SegmentFile } from './segment-file.ts';
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
  /** After `partDurable` was emitted. `init` is the fragment's init segment. */
  onPart: (fragment: Fragment, init: Buffer) => void;
  /** What the timeline went through, in order: lower renditions follow it. */
  onStep: (step: RecordedStep) => void;
  /** Whether the last write failed, and how. */
  onStorage: (problem: string | null) => void;
  log: MediaLog;
}

/** One change of the timeline. `idle`: the epoch is over and nothing follows for now. */
export type RecordedStep =
  | { kind: 'init'; record: InitRecord; bytes: Buffer; partSeconds: number }
  | { kind: 'part'; part: PartRecord; segment: OpenSegment; startMs: number; bytes: Buffer }
  | { kind: 'closed'; record: SegmentRecord }
  | { kind: 'idle' };

interface OpenFile {
  file: SegmentFile;
  key: string;
  sequence: number;
  initIndex: number;
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
  #init: Buffer = Buffer.alloc(0);

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
      this.#options.onStep({ kind: 'idle' });
    });
    await this.#queue;
    await this.#syncs;
  }

  #enqueue(doing: string, task: () => Promise<void>): void {
    this.#queue = this.#queue.then(task).catch((error) => {
      this.#options.onStorage(`${doing} failed: ${String(error)}`);
      this.#options.log('error', `${doing} failed`, { broadcast: this.#options.id, error: String(error) });
    });
  }

  async #writeInit({ bytes, codecs, width, height, partSeconds }: EpochInit): Promise<void> {
    const { id, storageDir, timeline } = this.#options;
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
    await makeFolder(join(storageDir, recordingFolder(id)));
    await writeDurably(join(storageDir, record.file), bytes);
    this.#partIndex = 0;
    this.#initMissing = false;
    this.#init = bytes;
    this.#closeSegment(null);
    timeline.inits.push(record);
    timeline.partSeconds = partSeconds;
    timeline.hint = { initIndex, index: 0 };
    this.#options.source.changed();
    this.#options.emit('initWritten', record);
    this.#options.onStep({ kind: 'init', record, bytes, partSeconds });
  }

  /** All that can fail comes first; then the timeline changes in one step, so no playlist shows half of it. */
  async #writeFragment(fragment: Fragment): Promise<void> {
    const { timeline, source } = this.#options;
    if (this.#initMissing) return;
    const begins = beginsSegment({
      openMs: this.#open && fragment.startMs - this.#open.startMs,
      keyframe: fragment.keyframe,
      fragmentMs: fragment.durationMs,
      targetSeconds: timeline.targetSeconds,
    });
    const next = begins || !this.#open ? await this.#createFile(fragment) : this.#open;
    try {
      await next.file.append(fragment.bytes);
    } catch (error) {
      if (next !== this.#open) await next.file.discard();
      throw error;
    }
    if (next !== this.#open) this.#openSegment(next, fragment.startMs);
    next.endMs = fragment.startMs + fragment.durationMs;
    const part = this.#listPart(fragment);
    source.keepPart(part, fragment.bytes);
    source.changed();
    this.#tellPart(part);
    this.#options.onStorage(null);
    this.#options.onPart(fragment, this.#init);
    const { startMs, bytes } = fragment;
    if (timeline.open) this.#options.onStep({ kind: 'part', part, segment: timeline.open, startMs, bytes });
  }

  async #createFile({ startMs, keyframe }: Fragment): Promise<OpenFile> {
    const { id, storageDir, timeline } = this.#options;
    const sequence = nextSequence(timeline);
    const initIndex = timeline.inits.at(-1)?.initIndex ?? 0;
    const key = segmentKey(id, { sequence, initIndex, startMs });
    const file = await SegmentFile.create(join(storageDir, key));
    return { file, key, sequence, initIndex, startMs, endMs: startMs, keyframeAligned: keyframe };
  }

  #openSegment(next: OpenFile, startMs: number): void {
    const { timeline } = this.#options;
    this.#closeSegment(startMs);
    this.#open = next;
    const { sequence, initIndex } = next;
    timeline.open = { sequence, initIndex, programDateTime: isoTime(startMs), parts: [] };
  }

  #listPart({ durationMs, keyframe }: Fragment): PartRecord {
    const { timeline } = this.#options;
    const initIndex = timeline.open?.initIndex ?? 0;
    const part: PartRecord = { initIndex, index: this.#partIndex, durationMs, independent: keyframe };
    this.#partIndex += 1;
    timeline.open?.parts.push(part);
    timeline.hint = { initIndex, index: this.#partIndex };
    return part;
  }

  #tellPart({ durationMs, independent }: PartRecord): void {
    const { open } = this.#options.timeline;
    if (!open) return;
    const part = open.parts.length - 1;
    this.#options.emit('partDurable', { sequence: open.sequence, part, durationMs, independent });
  }

  /** `nextStartMs` is where the next segment of the same epoch begins, which tells the length exactly. */
  #closeSegment(nextStartMs: number | null): void {
    const { timeline } = this.#options;
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
    timeline.segments.push(record);
    timeline.recentParts.set(row.sequence, row.parts);
    this.#forgetOldParts();
    this.#options.onStep({ kind: 'closed', record });
    this.#syncs = this.#syncs
      .then(() => closing.file.close())
      .then(() => this.#options.emit('segmentClosed', record))
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

function isoTime(ms: number): string {
  return new Date(Math.round(ms)).toISOString();
}
