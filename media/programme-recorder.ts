import type { Producer, Router } from 'mediasoup/types';
import type {
  BroadcastEvents,
  InterruptReason,
  LowerRendition,
  MediaCounters,
  MediaLog,
  ProducerInfo,
  StageShown,
  StageWish,
} from './contract.ts';
import { Director } from './compose/director.ts';
import type { LiveSource } from './hls/live-source.ts';
import type { Timeline } from './hls/timeline.ts';
import type { LiveFact } from './liveness.ts';
import type { CpuBudget } from './process/cpu-budget.ts';
import { Rendition } from './ladder/rendition.ts';
import { Recorder } from './recording/recorder.ts';
import type { MediaSettings } from './settings.ts';
import { NOBODY, type ChosenSources } from './tap/choose-sources.ts';
import type { Fragment } from './tap/epoch.ts';
import type { VideoFrame } from './tap/frames.ts';
import { KeyframeIntervals } from './tap/keyframe-intervals.ts';
import { KeyframeTimer } from './tap/keyframe-timer.ts';
import { Programme } from './tap/programme.ts';
import { Sources } from './tap/sources.ts';
import { TapTransport } from './tap/tap-transport.ts';
import { PictureTaker } from './thumbnails/picture-taker.ts';
import type { Thumbnailer } from './thumbnails/thumbnailer.ts';

/** A camera that goes away for less than this (another device is chosen) is not worth the plain picture. */
const PLAIN_AFTER_MS = 1500;

/** Where a lower rendition is listed and served. */
export interface LowerPlace {
  rendition: LowerRendition;
  timeline: Timeline;
  source: LiveSource;
}

export interface ProgrammeRecorderOptions {
  id: string;
  settings: MediaSettings;
  plainPictures: Buffer[][];
  budget: CpuBudget;
  thumbnailer: Thumbnailer;
  counters: MediaCounters;
  log: MediaLog;
  timeline: Timeline;
  source: LiveSource;
  /** The larger first. */
  lower: LowerPlace[];
  emit: <K extends keyof BroadcastEvents>(event: K, payload: BroadcastEvents[K]) => void;
  onFact: (fact: LiveFact) => void;
  onStorage: (problem: string | null) => void;
}

/** From what is published to what is on the disk: sources → programme → recorder. */
export class ProgrammeRecorder {
  readonly #options: ProgrammeRecorderOptions;
  readonly #programme: Programme;
  readonly #recorder: Recorder;
  readonly #keyframes: KeyframeTimer;
  readonly #intervals = new KeyframeIntervals();
  readonly #director: Director;
  readonly #pictures: PictureTaker;
  readonly #lower: Rendition[];
  #sources: Sources | null = null;
  #wish: StageWish = { layout: 'one', pictures: [] };
  #transport: TapTransport | null = null;
  #plainTimer: NodeJS.Timeout | null = null;
  /** Parts of epochs before this one were made before the interruption. */
  #countFromEpoch = 0;
  #epochs = 0;

  constructor(options: ProgrammeRecorderOptions) {
    this.#options = options;
    const { settings, counters } = options;
    this.#lower = options.lower.map(
      (lower) =>
        new Rendition({
          ...{ ...lower, ...options.settings, id: options.id },
          ...{ budget: options.budget, emit: options.emit, log: options.log },
        }),
    );
    this.#recorder = new Recorder({
      id: options.id,
      storageDir: settings.storageDir,
      timeline: options.timeline,
      source: options.source,
      log: options.log,
      emit: (event, payload) => {
        if (event === 'segmentClosed') counters.segmentsClosed += 1;
        options.emit(event, payload);
      },
      onPart: (fragment, init) => this.#partWritten(fragment, init),
      onStep: (step) => {
        for (const rendition of this.#lower) rendition.follow(step);
      },
      onStorage: options.onStorage,
    });
    this.#pictures = new PictureTaker({
      id: options.id,
      storageDir: settings.storageDir,
      thumbnailer: options.thumbnailer,
      onPicture: () => options.emit('pictureTaken', { at: Date.now() }),
      log: options.log,
    });
    this.#programme = new Programme({
      ffmpegPath: settings.ffmpegPath,
      partSeconds: settings.partSeconds,
      segmentSeconds: settings.segmentSeconds,
      plainPictures: options.plainPictures,
      onInit: (init) => this.#recorder.addInit(init),
      onFragment: (fragment) => this.#recorder.addFragment(fragment),
      onEpochStarted: () => {
        this.#epochs += 1;
        counters.epochsStarted += 1;
      },
      onIdle: () => void this.#recorder.flush(),
      onDied: (reason) => this.#ffmpegDied(reason),
      requestKeyFrame: () => this.requestKeyFrame(),
    });
    this.#keyframes = new KeyframeTimer(settings.segmentSeconds * 1000, () => {
      counters.keyFrameRequests += 1;
      this.#director.requestKeyFrame();
    });
    this.#director = new Director({
      broadcastId: options.id,
      ffmpegPath: settings.ffmpegPath,
      budget: options.budget,
      copyable: (producerId) => this.#sources?.copyable(producerId) ?? false,
      onFrame: (frame, source) => this.#show(frame, source),
      onShown: (shown) => options.emit('stageChanged', shown),
      onRefused: (refused) => options.emit('encodingRefused', refused),
      onRetry: () => this.#sources?.choose(),
      onDecoderDied: (reason) =>
        options.log('warn', 'a decoder of the layout ended unexpectedly', { broadcast: options.id, reason }),
      requestKeyFrame: (producerId) => this.#sources?.requestKeyFrame(producerId),
    });
  }

  get running(): number {
    return this.#programme.running + this.#lower.reduce((sum, { running }) => sum + running, 0);
  }

  get ffmpegPid(): number | undefined {
    return this.#programme.ffmpegPid;
  }

  /** Of the encoders of lower renditions, the larger first. */
  get lowerPids(): (number | undefined)[] {
    return this.#lower.map(({ pid }) => pid);
  }

  /** Smaller pictures that are not made for want of CPU. */
  get refusedRenditions(): LowerRendition[] {
    return this.#options.lower.flatMap(({ rendition }, at) => (this.#lower[at]?.refused ? rendition : []));
  }

  get stageShown(): StageShown {
    return this.#director.shown;
  }

  setStage(wish: StageWish): void {
    this.#wish = wish;
    this.#sources?.setStage(wish);
  }

  attach(router: Router): void {
    this.#transport = new TapTransport(router);
    this.#sources = new Sources({
      onVideoFrame: (frame, producerId) => {
        if (frame.keyframe) this.#intervals.note(producerId, frame.atMs);
        this.#director.take(frame, producerId);
      },
      onAudioFrame: (frame, producerId) => this.#programme.hear(frame, producerId),
      onChoice: (chosen, why) => this.#follow(chosen, why),
      onDroppedFrames: (count) => (this.#options.counters.droppedFrames += count),
    });
    this.#sources.setStage(this.#wish);
  }

  /** The router is gone with everything on it. */
  detach(reason: InterruptReason): void {
    this.#sources?.close();
    this.#sources = null;
    this.#director.follow(NOBODY);
    this.#stopped(reason);
  }

  addSource(info: ProducerInfo, producer: Producer): void {
    if (!this.#sources || !this.#transport) return;
    this.#sources.add(info, producer, this.#transport).catch((error) => {
      // It left while it was being tapped: then there is nothing to record.
      if (producer.closed) return;
      this.#options.log('error', 'a producer cannot be recorded', {
        broadcast: this.#options.id,
        error: String(error),
      });
    });
  }

  /** Milliseconds between a picture's keyframes; null before its second one. */
  keyframeIntervalMs(producerId: string): number | null {
    return this.#intervals.of(producerId, Date.now());
  }

  removeSource(producerId: string, why: 'producer-closed' | 'worker-died'): void {
    this.#intervals.forget(producerId);
    this.#sources?.remove(producerId, why);
  }

  sourcesLost(peerId: string): void {
    this.#sources?.markTransportLost(peerId);
  }

  sourcePaused(producerId: string): void {
    this.#sources?.touch(producerId);
    this.#sources?.choose();
  }

  requestKeyFrame(): void {
    this.#keyframes.request();
  }

  /** Resolves when all is on the disk and no process is left. */
  async close(): Promise<void> {
    this.#sources?.close();
    this.#sources = null;
    this.#keyframes.stop();
    this.#clearPlainTimer();
    await this.#director.close();
    await this.#programme.stop();
    await this.#recorder.flush();
    await Promise.all(this.#lower.map((rendition) => rendition.close()));
    await this.#pictures.close();
  }

  #show(frame: VideoFrame, source: string): void {
    if (frame.keyframe) this.#keyframes.seen();
    this.#programme.show(frame, source);
  }

  #follow(chosen: ChosenSources, why: InterruptReason): void {
    this.#programme.setSounds(chosen.sounds);
    const shows = this.#director.follow(chosen);
    // A picture that nothing can be made of is as good as none.
    const picture = chosen.picture === 'camera' && !shows ? 'plain' : chosen.picture;
    if (picture !== 'plain') this.#clearPlainTimer();
    if (picture === 'camera') this.#programme.setPicture('camera');
    else this.#keyframes.stop();
    if (picture === 'none') this.#stopped(why);
    if (picture === 'plain') {
      this.#plainTimer ??= setTimeout(() => {
        this.#plainTimer = null;
        this.#programme.setPicture('plain');
      }, PLAIN_AFTER_MS);
    }
  }

  #stopped(reason: InterruptReason): void {
    this.#keyframes.stop();
    this.#clearPlainTimer();
    this.#countFromEpoch = this.#epochs;
    this.#options.onFact({ kind: 'stopped', reason });
    this.#programme.setPicture('none');
  }

  #ffmpegDied(reason: string): void {
    const { log, counters, id } = this.#options;
    log('error', 'ffmpeg ended unexpectedly', { broadcast: id, reason });
    counters.ffmpegDeaths += 1;
    this.#countFromEpoch = this.#epochs;
    this.#options.onFact({ kind: 'stopped', reason: 'ffmpeg-died' });
  }

  #partWritten(fragment: Fragment, init: Buffer): void {
    if (fragment.keyframe) this.#pictures.offer(init, fragment.bytes, fragment.startMs);
    this.#options.counters.partsWritten += 1;
    this.#options.counters.recordedBytes += fragment.bytes.length;
    if (fragment.epoch >= this.#countFromEpoch) this.#options.onFact({ kind: 'part' });
  }

  #clearPlainTimer(): void {
    if (this.#plainTimer) clearTimeout(this.#plainTimer);
    this.#plainTimer = null;
  }
}
