import { join } from 'node:path';
import type { BroadcastEvents, MediaLog } from '../contract.ts';
import { writeDurably } from '../durable.ts';
import type { LiveSource } from '../hls/live-source.ts';
import type { PartRecord, Timeline } from '../hls/timeline.ts';
import type { CpuBudget } from '../process/cpu-budget.ts';
import type { InitRecord, LowerRendition, SegmentRecord } from '../recording/contract.ts';
import type { RecordedStep } from '../recording/recorder.ts';
import { SegmentFile } from '../recording/segment-file.ts';
import { initKey, segmentKey } from '../recording/storage-keys.ts';
import { LEAST_FILLED } from '../tap/part-target.ts';
import { Ladder } from './ladder.ts';
import { linesOf } from './lower-timeline.ts';

/** As the recorder, less one: the source's parts, which may stand among these, are forgotten a little earlier. */
const SEGMENTS_WITH_PARTS = 3;

interface RenditionOptions {
  id: string;
  rendition: LowerRendition;
  ffmpegPath: string;
  storageDir: string;
  budget: CpuBudget;
  timeline: Timeline;
  source: LiveSource;
  emit: <K extends 'initWritten' | 'segmentClosed' | 'encodingRefused'>(
    event: K,
    payload: BroadcastEvents[K],
  ) => void;
  log: MediaLog;
}

type Step<K extends RecordedStep['kind']> = Extract<RecordedStep, { kind: K }>;

/** What an encoder was admitted with. It goes on to the next epoch's, which takes no more and follows at once. */
interface Cores {
  cores: number;
  release: () => void;
  heldBy: Ladder | null;
}

interface OpenFile {
  file: SegmentFile;
  key: string;
  durationMs: number;
}

/**
 * One lower rendition of a broadcast: follows the source's timeline step by step, as fast as its encoder does. Where there is
 * no encoder (none admitted, died, too slow) the source's own segments stand in: the playlist goes on without a hole.
 */
export class Rendition {
  readonly #options: RenditionOptions;
  #queue: Promise<void> = Promise.resolve();
  #ladder: Ladder | null = null;
  #cores: Cores | null = null;
  #refused = false;
  /** Every process that runs; an earlier one may still be writing when the next begins. */
  readonly #running = new Set<Ladder>();
  #open: OpenFile | null = null;

  constructor(options: RenditionOptions) {
    this.#options = options;
  }

  get running(): number {
    return this.#running.size;
  }

  /** It is not made now for want of CPU, and is asked for again with the next epoch. */
  get refused(): boolean {
    return this.#refused;
  }

  /** Of the encoder; for tests and the operator's eyes. */
  get pid(): number | undefined {
    return this.#ladder?.pid;
  }

  follow(step: RecordedStep): void {
    if (step.kind === 'init') this.#begin(step);
    if (step.kind === 'part') this.#ladder?.write(step.bytes);
    if (step.kind === 'idle') this.#end();
    const ladder = this.#ladder;
    this.#queue = this.#queue
      .then(() => this.#apply(step, ladder))
      .catch((error: unknown) => {
        this.#options.log('error', 'a lower rendition could not be written', {
          ...{ broadcast: this.#options.id, rendition: this.#options.rendition, error: String(error) },
        });
        ladder?.giveUp('it could not be written');
      });
  }

  /** Resolves when all it was given is on the disk and no process is left. */
  async close(): Promise<void> {
    this.#end();
    await this.#queue;
    await Promise.all([...this.#running].map((ladder) => ladder.finish()));
  }

  #begin({ record, bytes, partSeconds }: Step<'init'>): void {
    const former = this.#ladder?.usable ? this.#cores : null;
    this.#end();
    this.#refused = false;
    const { rendition, id, ffmpegPath } = this.#options;
    const height = linesOf(rendition);
    // Never larger than what it is made from, nor the same again.
    if (record.height <= height) return;
    const needed = coresFor(record, height);
    const cores = former && former.cores >= needed ? former : this.#admit(needed);
    this.#refused = cores === null;
    if (!cores) return;
    const ladder = new Ladder({
      ...{ ffmpegPath, fragmentSeconds: partSeconds * LEAST_FILLED, height, init: bytes },
      onEnd: (failed) => {
        if (cores.heldBy === ladder) cores.release();
        this.#running.delete(ladder);
        if (failed === null) return;
        this.#options.log('warn', 'a lower rendition is given up until the next epoch', {
          ...{ broadcast: id, rendition, reason: failed },
        });
      },
    });
    cores.heldBy = ladder;
    this.#cores = cores;
    this.#ladder = ladder;
    this.#running.add(ladder);
  }

  #admit(cores: number): Cores | null {
    const { rendition, id, budget, emit } = this.#options;
    const what = `${rendition} of broadcast ${id}`;
    const admission = budget.admit({ what, cores, priority: 'live' });
    if (admission.admitted) return { cores, release: admission.release, heldBy: null };
    emit('encodingRefused', { producerId: null, what: 'rendition', reason: admission.reason });
    return null;
  }

  #end(): void {
    void this.#ladder?.finish();
    this.#ladder = null;
  }

  async #apply(step: RecordedStep, ladder: Ladder | null): Promise<void> {
    if (step.kind === 'init') await this.#writeInit(step, ladder);
    else if (step.kind === 'part') await this.#writePart(step, ladder);
    else if (step.kind === 'closed') await this.#closeSegment(step.record);
    else this.#options.timeline.hint = null;
    this.#options.source.changed();
  }

  async #writeInit({ record, partSeconds }: Step<'init'>, ladder: Ladder | null): Promise<void> {
    const { timeline, rendition, id, storageDir } = this.#options;
    const { initIndex } = record;
    // Both are needed when the encoder is given up in mid-epoch.
    timeline.inits.push(record);
    timeline.partSeconds = partSeconds;
    timeline.hint = { initIndex, index: 0 };
    const made = await ladder?.init();
    if (!made) return;
    const { bytes, ...facts } = made;
    const file = initKey(id, initIndex, rendition);
    const own: InitRecord = { rendition, initIndex, file, byteLength: bytes.length, ...facts };
    await writeDurably(join(storageDir, file), bytes);
    timeline.inits.push(own);
    timeline.hint = { rendition, initIndex, index: 0 };
    this.#options.emit('initWritten', own);
  }

  async #writePart(step: Step<'part'>, ladder: Ladder | null): Promise<void> {
    const { timeline, source, rendition } = this.#options;
    const { part, segment } = step;
    const begins = timeline.open?.sequence !== segment.sequence;
    const hasInit = timeline.inits.at(-1)?.rendition === rendition;
    const bytes = hasInit ? await ladder?.take(step.bytes) : null;
    const { sequence, initIndex, programDateTime } = segment;
    if (begins) {
      this.#open = bytes ? await this.#createFile(step) : null;
      timeline.open = { ...(bytes ? { rendition } : {}), sequence, initIndex, programDateTime, parts: [] };
    }
    const open = timeline.open;
    if (!open) return;
    if (bytes && this.#open) {
      await this.#open.file.append(bytes);
      this.#open.durationMs += part.durationMs;
      const own: PartRecord = { ...part, rendition };
      source.keepPart(own, bytes);
      open.parts.push(own);
      timeline.hint = { rendition, initIndex, index: part.index + 1 };
      return;
    }
    // A segment that was begun smaller has no further parts: the source's own do not fit its init segment.
    if (!open.rendition) open.parts.push(part);
    timeline.hint = open.rendition ? null : { initIndex, index: part.index + 1 };
  }

  async #createFile({ segment: { sequence, initIndex }, startMs }: Step<'part'>): Promise<OpenFile> {
    const { id, rendition, storageDir } = this.#options;
    const key = segmentKey(id, { sequence, initIndex, startMs }, rendition);
    return { key, file: await SegmentFile.create(join(storageDir, key)), durationMs: 0 };
  }

  async #closeSegment(closed: SegmentRecord): Promise<void> {
    const { timeline, source, rendition } = this.#options;
    const [own, row] = [this.#open, timeline.open];
    this.#open = null;
    timeline.open = null;
    // One that the encoder left half made is not shown short: the source's stands in for all of it.
    const whole = own === null || Math.abs(own.durationMs - closed.durationMs) < 100;
    if (whole) timeline.recentParts.set(closed.sequence, row?.parts ?? []);
    else for (const part of row?.parts ?? []) source.forgetPart(part);
    this.#forgetOldParts(closed.sequence);
    if (!own || !whole) {
      timeline.segments.push(closed);
      await own?.file.discard();
      return;
    }
    const record: SegmentRecord = {
      ...closed,
      rendition,
      file: own.key,
      byteLength: own.file.byteLength,
    };
    timeline.segments.push(record);
    await own.file.close();
    this.#options.emit('segmentClosed', record);
  }

  #forgetOldParts(newest: number): void {
    const { timeline, source } = this.#options;
    for (const [sequence, parts] of timeline.recentParts) {
      if (sequence > newest - SEGMENTS_WITH_PARTS) return;
      timeline.recentParts.delete(sequence);
      for (const part of parts) source.forgetPart(part);
    }
  }
}

/** Of one core, measured at 26 frames a second: decoding 720p takes 0.06, encoding 480p 0.09. */
function coresFor(source: { width: number; height: number }, height: number): number {
  const decoding = 0.06 * ((source.width * source.height) / (1280 * 720));
  return decoding + 0.09 * (height / 480) ** 2;
}
