import type {
  BroadcastEvents,
  BroadcastHealth,
  BroadcastMedia,
  BroadcastMediaState,
  ClipHandle,
  ConsumerParameters,
  InterruptReason,
  MediaCounters,
  MediaLog,
  OfferSession,
  OpenBroadcast,
  ProducerInfo,
  Recording,
  StageShown,
  StageWish,
  Unsubscribe,
} from './contract.ts';
import { Emitter } from './emitter.ts';
import { MediaError } from './errors.ts';
import { liveEdgeMs } from './hls/live-edge.ts';
import { LiveSource } from './hls/live-source.ts';
import type { Timeline } from './hls/timeline.ts';
import { Feeds } from './ingest/feeds.ts';
import type { EncoderFeed } from './ingest/rtmp/encoder-feed.ts';
import { lowerTimeline } from './ladder/lower-timeline.ts';
import { afterFact, type LiveFact } from './liveness.ts';
import type { CpuBudget } from './process/cpu-budget.ts';
import type { MediaSettings } from './settings.ts';
import { ProgrammeRecorder, type LowerPlace } from './programme-recorder.ts';
import { splitRecording } from './recording/split-recording.ts';
import { offeredCapabilities } from './sfu/codecs.ts';
import { HomeSearch } from './sfu/home-search.ts';
import { Room, type RoomEvents } from './sfu/room.ts';
import { Sites } from './sfu/sites.ts';
import { readStreamHealth } from './sfu/stream-health.ts';
import { startTimeline } from './start-timeline.ts';
import type { Thumbnailer } from './thumbnails/thumbnailer.ts';
import type { WorkerPool } from './sfu/worker-pool.ts';

type Request<K extends keyof BroadcastMedia> = BroadcastMedia[K] extends (request: infer R) => unknown
  ? R
  : never;

export interface BroadcastContext {
  settings: MediaSettings;
  pool: WorkerPool;
  plainPictures: Buffer[][];
  budget: CpuBudget;
  thumbnailer: Thumbnailer;
  counters: MediaCounters;
  log: MediaLog;
  /** Whether the last write to storage failed, and how. */
  onStorage: (problem: string | null) => void;
  /** Called once, when it has let go of everything. */
  onClosed: (broadcast: Broadcast) => void;
}

/** Statistics cost the workers time: nobody needs them more often. */
const HEALTH_EVERY_MS = 2_000;

/** One broadcast: its peers on a router, what is recorded of them, and its state. */
export class Broadcast implements BroadcastMedia {
  readonly id: string;
  readonly hls: LiveSource;
  readonly #context: BroadcastContext;
  readonly #emitter: Emitter<BroadcastEvents>;
  readonly #timeline: Timeline;
  readonly #lower: LowerPlace[];
  readonly #recorder: ProgrammeRecorder;
  readonly #feeds: Feeds;
  #room: Room;
  #state: BroadcastMediaState;
  #graceTimer: NodeJS.Timeout | null = null;
  #closing: Promise<void> | null = null;
  readonly #homeSearch: HomeSearch<Room['placed']>;
  #health: { askedAt: number; answer: Promise<BroadcastHealth> } | null = null;

  static async open(options: OpenBroadcast, context: BroadcastContext): Promise<Broadcast> {
    const broadcast = new Broadcast(options, context, await context.pool.createRouter());
    return broadcast;
  }

  private constructor(options: OpenBroadcast, context: BroadcastContext, placed: Room['placed']) {
    const { settings, log } = context;
    this.id = options.id;
    this.#context = context;
    this.#emitter = new Emitter((event, error) => {
      log('error', `a listener of ${event} failed`, { broadcast: this.id, error: String(error) });
    });
    this.#timeline = startTimeline(options.resume, settings);
    this.hls = new LiveSource({ timeline: this.#timeline, storageDir: settings.storageDir });
    const lower = settings.renditions.map((rendition): LowerPlace => {
      const timeline = lowerTimeline(this.#timeline, options.resume?.lower, rendition);
      const source = new LiveSource({ timeline, storageDir: settings.storageDir });
      this.hls.addLower(rendition, source);
      return { rendition, timeline, source };
    });
    this.#lower = lower;
    this.#recorder = new ProgrammeRecorder({
      ...context,
      lower,
      id: this.id,
      timeline: this.#timeline,
      source: this.hls,
      emit: (event, payload) => this.#emitter.emit(event, payload),
      onFact: (fact) => this.#apply(fact),
    });
    this.#feeds = new Feeds({
      ...{ ...context, room: () => this.#openRoomOrThrow() },
      shown: () => this.stageShown.pictures,
      onRefused: (refused) => this.#emitter.emit('encodingRefused', refused),
    });
    for (const event of ['stageChanged', 'producerAdded', 'producerClosed'] as const)
      this.on(event, () => this.#feeds.restage());
    this.#room = this.#openRoom(placed);
    this.#homeSearch = new HomeSearch(
      () => context.pool.createRouter(),
      (home) => this.#moveInto(home),
    );
    this.#state = this.#timeline.segments.length > 0 ? 'interrupted' : 'waiting';
    if (this.#state === 'interrupted') this.#startGrace();
  }

  get state(): BroadcastMediaState {
    return this.#state;
  }

  get routerRtpCapabilities() {
    return offeredCapabilities(this.#room.placed.router.rtpCapabilities);
  }

  get workerIndex(): number {
    return this.#room.placed.workerIndex;
  }

  get counts() {
    return { ...this.#room.counts, ffmpeg: this.#recorder.running + this.#feeds.running };
  }

  /** For tests and the operator's eyes. */
  get ffmpegPid(): number | undefined {
    return this.#recorder.ffmpegPid;
  }

  on<K extends keyof BroadcastEvents>(
    event: K,
    listener: (payload: BroadcastEvents[K]) => void,
  ): Unsubscribe {
    return this.#emitter.on(event, listener);
  }

  async createTransport({ peerId, direction }: Request<'createTransport'>) {
    return this.#openRoomOrThrow().createTransport(peerId, direction);
  }

  async connectTransport({ peerId, transportId, dtlsParameters }: Request<'connectTransport'>) {
    await this.#openRoomOrThrow().connectTransport(peerId, transportId, dtlsParameters);
  }

  async restartIce({ peerId, transportId }: Request<'restartIce'>) {
    return this.#openRoomOrThrow().restartIce(peerId, transportId);
  }

  closeTransport(transportId: string): void {
    this.#room.closeTransport(transportId);
  }

  async produce(request: Request<'produce'>): Promise<ProducerInfo> {
    return this.#openRoomOrThrow().produce(request);
  }

  async pauseProducer({ peerId, producerId }: Request<'pauseProducer'>): Promise<void> {
    await this.#setPaused(peerId, producerId, true);
  }

  async resumeProducer({ peerId, producerId }: Request<'resumeProducer'>): Promise<void> {
    await this.#setPaused(peerId, producerId, false);
  }

  closeProducer({ peerId, producerId }: Request<'closeProducer'>): void {
    this.#room.closeProducer(peerId, producerId);
    // They have no use for a part of their stream.
    this.#feeds.closePeer(peerId);
  }

  producers(): ProducerInfo[] {
    return this.#room.producers.map(({ info }) => ({ ...info }));
  }

  async consume(request: Request<'consume'>): Promise<ConsumerParameters> {
    return this.#openRoomOrThrow().consume(request);
  }

  async consumeAll(request: Request<'consumeAll'>): Promise<ConsumerParameters[]> {
    return this.#openRoomOrThrow().consumeAll(request);
  }

  async resumeConsumer({ peerId, consumerId }: Request<'resumeConsumer'>): Promise<void> {
    await this.#room.consumer(peerId, consumerId).resume();
  }

  async pauseConsumer({ peerId, consumerId }: Request<'pauseConsumer'>): Promise<void> {
    await this.#room.consumer(peerId, consumerId).pause();
  }

  async setPreferredLayers(request: Request<'setPreferredLayers'>): Promise<void> {
    const { peerId, consumerId, spatialLayer, temporalLayer } = request;
    const layers = temporalLayer === undefined ? { spatialLayer } : { spatialLayer, temporalLayer };
    await this.#room.consumer(peerId, consumerId).setPreferredLayers(layers);
  }

  closeConsumer({ peerId, consumerId }: Request<'closeConsumer'>): void {
    this.#room.closeConsumer(peerId, consumerId);
  }

  health(): Promise<BroadcastHealth> {
    const now = Date.now();
    if (!this.#health || now - this.#health.askedAt >= HEALTH_EVERY_MS)
      this.#health = { askedAt: now, answer: this.#readHealth() };
    return this.#health.answer;
  }

  async #readHealth(): Promise<BroadcastHealth> {
    const edgeMs = this.#state === 'live' ? liveEdgeMs(this.#timeline) : null;
    const hlsBehindMs = edgeMs === null ? null : Math.max(0, Date.now() - edgeMs);
    const streams = await readStreamHealth(this.#room.producers, (id) =>
      this.#recorder.keyframeIntervalMs(id),
    );
    const { refusedRenditions } = this.#recorder;
    return { streams, receivingPeerIds: this.#room.receivingPeerIds, hlsBehindMs, refusedRenditions };
  }

  bytesReceived(peerId: string): Promise<number> {
    return this.#room.bytesReceived(peerId);
  }

  closePeer(peerId: string): void {
    this.#room.closePeer(peerId);
    this.#feeds.closePeer(peerId);
  }

  setStage(wish: StageWish): void {
    this.#recorder.setStage(wish);
  }

  get stageShown(): StageShown {
    return this.#recorder.stageShown;
  }

  async publishOffer(request: Request<'publishOffer'>): Promise<OfferSession> {
    return this.#feeds.publishOffer(request);
  }

  async playOffer(request: Request<'playOffer'>): Promise<OfferSession> {
    return this.#feeds.playOffer(request);
  }

  async requestKeyFrame(): Promise<void> {
    this.#recorder.requestKeyFrame();
  }

  async playClip({ peerId, file }: Request<'playClip'>): Promise<ClipHandle> {
    return this.#feeds.playClip(peerId, file);
  }

  /** An encoder's stream, as if `peerId` published it. `onClosed` is called once, whoever closed it. Throws `closed`. */
  openEncoder(request: { peerId: string; onClosed: () => void }): EncoderFeed {
    if (this.#closing) throw new MediaError('closed', `broadcast ${this.id} is closed`);
    return this.#feeds.openEncoder(request);
  }

  /** For tests and the operator's eyes. */
  get lowerPids(): (number | undefined)[] {
    return this.#recorder.lowerPids;
  }

  /** For tests and the operator's eyes. */
  get encoderPids(): number[] {
    return this.#feeds.encoderPids;
  }

  /** True while it waits for a worker in vain. */
  get roomless(): boolean {
    return this.#room.placed.router.closed && !this.#homeSearch.running;
  }

  /** The pool's news: everything on the router is void. */
  async workerDied(): Promise<void> {
    this.#recorder.detach('worker-died');
    this.#feeds.roomLost();
    this.#room.close();
    await this.#homeSearch.search();
  }

  #moveInto(home: Room['placed']): void {
    if (this.#closing) return home.router.close();
    this.#room = this.#openRoom(home);
    this.#emitter.emit('workerDied', { routerRtpCapabilities: this.routerRtpCapabilities });
    this.#feeds.roomReplaced();
  }

  async end(reason: string): Promise<Recording> {
    await this.close(reason);
    if (!this.#timeline.ended) {
      for (const { timeline, source } of [{ timeline: this.#timeline, source: this.hls }, ...this.#lower]) {
        timeline.ended = true;
        source.changed();
      }
      this.#apply({ kind: 'end' }, reason);
    }
    const timelines = [this.#timeline, ...this.#lower.map(({ timeline }) => timeline)];
    // Those of the lower ones name the source's where they have none of their own.
    return splitRecording({
      inits: [...new Set(timelines.flatMap(({ inits }) => inits))],
      segments: [...new Set(timelines.flatMap(({ segments }) => segments))],
    });
  }

  async close(reason: string): Promise<void> {
    this.#closing ??= this.#letGo(reason);
    await this.#closing;
  }

  async #letGo(reason: string): Promise<void> {
    if (this.#graceTimer) clearTimeout(this.#graceTimer);
    await this.#recorder.close();
    await this.#feeds.close(reason);
    this.#room.close();
    this.#context.onClosed(this);
  }

  #openRoomOrThrow(): Room {
    if (this.#closing) throw new MediaError('closed', `broadcast ${this.id} is closed`);
    if (this.#room.placed.router.closed)
      throw new MediaError('worker-unavailable', 'the worker is being replaced');
    return this.#room;
  }

  #openRoom(placed: Room['placed']): Room {
    this.#recorder.attach(placed.router);
    const { pool, settings, log } = this.#context;
    const events: RoomEvents = {
      onProducer: (info, producer) => {
        this.#recorder.addSource(info, producer);
        this.#emitter.emit('producerAdded', { ...info });
      },
      onProducerClosed: (info) => {
        // A dying worker takes its producers with it, and only then tells.
        const why = placed.router.closed && !this.#closing ? 'worker-died' : 'producer-closed';
        this.#recorder.removeSource(info.producerId, why);
        this.#emitter.emit('producerClosed', { producerId: info.producerId, peerId: info.peerId });
      },
      onConsumerClosed: (closed) => {
        this.#feeds.lineLost(closed.peerId);
        this.#emitter.emit('consumerClosed', closed);
      },
      onTransportLost: (lost) => {
        if (lost.direction === 'send') this.#recorder.sourcesLost(lost.peerId);
        this.#feeds.lineLost(lost.peerId);
        this.#emitter.emit('transportLost', lost);
      },
      onViewerLost: (lost) => this.#emitter.emit('viewerLost', lost),
    };
    return new Room(placed, new Sites(placed, pool, settings), events, log);
  }

  async #setPaused(peerId: string, producerId: string, paused: boolean): Promise<void> {
    if (!(await this.#openRoomOrThrow().setProducerPaused(peerId, producerId, paused))) return;
    this.#recorder.sourcePaused(producerId);
    this.#emitter.emit('producerPaused', { producerId, peerId, paused });
  }

  #apply(fact: LiveFact, endReason = ''): void {
    const { state, news } = afterFact(this.#state, fact);
    this.#state = state;
    const at = Date.now();
    if (news === 'ended') this.#emitter.emit('ended', { at, reason: endReason });
    if (news === 'live' || news === 'resumed') {
      if (this.#graceTimer) clearTimeout(this.#graceTimer);
      this.#emitter.emit(news, { at });
    }
    if (news === 'interrupted' && fact.kind === 'stopped') this.#interrupted(at, fact.reason);
  }

  #interrupted(at: number, reason: InterruptReason): void {
    if (this.#closing) return;
    this.#startGrace();
    this.#emitter.emit('interrupted', { at, reason });
  }

  #startGrace(): void {
    const interruptedAt = Date.now();
    if (this.#graceTimer) clearTimeout(this.#graceTimer);
    this.#graceTimer = setTimeout(() => {
      this.#emitter.emit('graceExpired', { at: Date.now(), interruptedAt });
    }, this.#context.settings.graceSeconds * 1000);
  }
}
