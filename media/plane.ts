import { access, constants, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RouterRtpCapabilities } from 'mediasoup/types';
import { Broadcast } from './broadcast.ts';
import type {
  BroadcastMedia,
  MediaCounters,
  MediaOptions,
  MediaPlane,
  MediaReadiness,
  Mp4Download,
  OpenBroadcast,
  PlaneEvents,
  Recording,
  RecordingGap,
  Span,
  StoredPicture,
} from './contract.ts';
import { Emitter } from './emitter.ts';
import { MediaError } from './errors.ts';
import type { HlsSource } from './hls/contract.ts';
import { openReplaySource } from './hls/replay-source.ts';
import type { EncoderGate } from './ingest/rtmp/contract.ts';
import { RtmpServer } from './ingest/rtmp/rtmp-server.ts';
import { CpuBudget } from './process/cpu-budget.ts';
import { probeFfmpeg, type ProbedFfmpeg } from './process/probe-ffmpeg.ts';
import { recoverRecording } from './recording/recover.ts';
import { openDownload } from './recording/download.ts';
import { findGaps } from './recording/gaps.ts';
import { isSafeId, posterKey, recordingFolder, thumbnailKey } from './recording/storage-keys.ts';
import { fillDefaults, type MediaSettings } from './settings.ts';
import { readPicture } from './thumbnails/read-picture.ts';
import { Thumbnailer } from './thumbnails/thumbnailer.ts';
import { announcedAddress } from './sfu/announced-address.ts';
import { offeredCapabilities } from './sfu/codecs.ts';
import { WorkerPool } from './sfu/worker-pool.ts';

/** Throws `worker-missing`, `rtc-port-busy`, `rtmp-port-busy`, `ffmpeg-missing` or `storage-unwritable`, whose message says what to do. */
export async function openMediaPlane(options: MediaOptions): Promise<MediaPlane> {
  const settings = fillDefaults(options);
  await ensureWritable(settings.storageDir);
  const ffmpeg = await probeFfmpeg(settings.ffmpegPath);
  const plane = new Plane(settings, ffmpeg);
  await plane.start();
  return plane;
}

class Plane implements MediaPlane {
  readonly #settings: MediaSettings;
  readonly #ffmpeg: ProbedFfmpeg;
  readonly #emitter: Emitter<PlaneEvents>;
  readonly #broadcasts = new Map<string, Broadcast | null>();
  readonly #counters = zeroCounters();
  readonly #budget: CpuBudget;
  readonly #thumbnailer: Thumbnailer;
  #pool: WorkerPool | null = null;
  #formats: RouterRtpCapabilities | null = null;
  #rtmp: RtmpServer | null = null;
  #storageProblem: string | null = null;
  #closing: Promise<void> | null = null;

  constructor(settings: MediaSettings, ffmpeg: ProbedFfmpeg) {
    this.#settings = settings;
    this.#ffmpeg = ffmpeg;
    this.#thumbnailer = new Thumbnailer(settings.ffmpegPath);
    this.#budget = new CpuBudget({ cores: settings.encodingCores, busyCores: settings.busyCores });
    this.#emitter = new Emitter((event, error) => {
      settings.log('error', `a listener of ${event} failed`, { error: String(error) });
    });
  }

  async start(): Promise<void> {
    const { workers, workerBin, listenHost, rtcPort, log } = this.#settings;
    const announced = announcedAddress(listenHost, this.#settings.announcedAddress);
    this.#pool = await WorkerPool.open({
      workers,
      settings: { workerBin, listenHost, announcedAddress: announced, port: rtcPort },
      log,
      onDied: (workerIndex) => this.#workerDied(workerIndex),
      onReplaced: (workerIndex) => {
        this.#emitter.emit('workerReplaced', { workerIndex });
        for (const broadcast of this.#open) if (broadcast.roomless) this.#rehouse(broadcast);
      },
    });
    try {
      this.#formats = await readFormats(this.#pool);
      await this.#openRtmp();
    } catch (error) {
      await this.#pool.close();
      throw error;
    }
  }

  get routerRtpCapabilities(): RouterRtpCapabilities {
    if (!this.#formats) throw new MediaError('closed', 'the media plane has not started');
    return this.#formats;
  }

  async #openRtmp(): Promise<void> {
    const { rtmpPort: port, rtmpHost, listenHost, log } = this.#settings;
    if (port === undefined) return;
    this.#rtmp = await RtmpServer.open({
      ...{ host: rtmpHost ?? listenHost, port, log },
      openFeed: ({ broadcastId, peerId }, onClosed) => {
        const broadcast = this.#broadcasts.get(broadcastId);
        if (!broadcast) throw new MediaError('closed', `broadcast ${broadcastId} is not open`);
        return broadcast.openEncoder({ peerId, onClosed });
      },
    });
  }

  get rtmpPort(): number | null {
    return this.#rtmp?.port ?? null;
  }

  admitEncoders(gate: EncoderGate): void {
    this.#rtmp?.admitBy(gate);
  }

  disconnectEncoder(peerId: string, why: string): void {
    this.#rtmp?.disconnect(peerId, why);
  }

  /** For tests and the operator's eyes. */
  get workerPids(): number[] {
    return this.#pool?.pids ?? [];
  }

  readiness(): MediaReadiness {
    const workersAlive = this.#pool?.alive ?? 0;
    const workersWanted = this.#settings.workers;
    const problems: string[] = [];
    if (this.#closing) problems.push('the media plane is closed');
    else if (workersAlive === 0) problems.push('no mediasoup worker is alive');
    if (this.#storageProblem) problems.push(this.#storageProblem);
    return {
      ready: problems.length === 0,
      workersAlive,
      workersWanted,
      ffmpegVersion: this.#ffmpeg.version,
      problems,
    };
  }

  counters(): MediaCounters {
    const open = this.#open;
    const sum = (pick: (counts: Broadcast['counts']) => number) =>
      open.reduce((total, one) => total + pick(one.counts), 0);
    return {
      ...this.#counters,
      openBroadcasts: open.length,
      openTransports: sum(({ transports }) => transports),
      openProducers: sum(({ producers }) => producers),
      openConsumers: sum(({ consumers }) => consumers),
      openBranches: sum(({ branches }) => branches),
      openFfmpeg: sum(({ ffmpeg }) => ffmpeg),
    };
  }

  async openBroadcast(options: OpenBroadcast): Promise<BroadcastMedia> {
    const { id } = options;
    if (this.#closing || !this.#pool) throw new MediaError('closed', 'the media plane is closed');
    if (!isSafeId(id)) throw new MediaError('bad-parameters', `"${id}" cannot be a broadcast's id`);
    if (this.#broadcasts.has(id)) throw new MediaError('broadcast-open', `broadcast ${id} is open already`);
    // Reserved before the first await, so that two calls cannot both open it.
    this.#broadcasts.set(id, null);
    try {
      const broadcast = await Broadcast.open(options, {
        settings: this.#settings,
        pool: this.#pool,
        plainPictures: this.#ffmpeg.plainPictures,
        budget: this.#budget,
        thumbnailer: this.#thumbnailer,
        counters: this.#counters,
        log: this.#settings.log,
        onStorage: (problem) => (this.#storageProblem = problem),
        onClosed: () => {
          this.#broadcasts.delete(id);
          if (this.#broadcasts.size === 0) this.#thumbnailer.rest();
        },
      });
      this.#broadcasts.set(id, broadcast);
      return broadcast;
    } catch (error) {
      this.#broadcasts.delete(id);
      throw error;
    }
  }

  broadcast(id: string): BroadcastMedia | undefined {
    return this.#broadcasts.get(id) ?? undefined;
  }

  async recoverRecording(id: string, known: Recording): Promise<Recording> {
    if (!isSafeId(id)) throw new MediaError('bad-parameters', `"${id}" cannot be a broadcast's id`);
    if (this.#broadcasts.has(id)) throw new MediaError('broadcast-open', `broadcast ${id} is being recorded`);
    return recoverRecording(this.#settings.storageDir, id, known);
  }

  async readPicture(id: string, which: 'latest' | 'poster'): Promise<StoredPicture | null> {
    if (!isSafeId(id)) throw new MediaError('bad-parameters', `"${id}" cannot be a broadcast's id`);
    return readPicture(this.#settings.storageDir, which === 'latest' ? thumbnailKey(id) : posterKey(id));
  }

  findGaps(recording: Recording, span?: Span): RecordingGap[] {
    return findGaps(recording.segments, span);
  }

  async openDownload(recording: Recording, span?: Span): Promise<Mp4Download> {
    try {
      return await openDownload(this.#settings.storageDir, recording, span);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new MediaError('bad-parameters', error.message, { cause: error });
    }
  }

  async removeRecording(id: string): Promise<void> {
    if (!isSafeId(id)) throw new MediaError('bad-parameters', `"${id}" cannot be a broadcast's id`);
    if (this.#broadcasts.has(id)) throw new MediaError('broadcast-open', `broadcast ${id} is being recorded`);
    await rm(join(this.#settings.storageDir, recordingFolder(id)), { recursive: true, force: true });
  }

  openReplay(recording: Recording, span?: Span): HlsSource {
    return openReplaySource(recording, { ...this.#settings, ...(span ? { span } : {}) });
  }

  on<K extends keyof PlaneEvents>(event: K, listener: (payload: PlaneEvents[K]) => void) {
    return this.#emitter.on(event, listener);
  }

  async close(reason: string): Promise<void> {
    this.#closing ??= this.#letGo(reason);
    await this.#closing;
  }

  async #letGo(reason: string): Promise<void> {
    await this.#rtmp?.close();
    await Promise.all(this.#open.map((broadcast) => broadcast.close(reason)));
    await this.#pool?.close();
    this.#budget.close();
    await this.#thumbnailer.close();
  }

  get #open(): Broadcast[] {
    return [...this.#broadcasts.values()].filter((broadcast) => broadcast !== null);
  }

  #workerDied(workerIndex: number): void {
    this.#counters.workerDeaths += 1;
    const hit = this.#open.filter((broadcast) => broadcast.workerIndex === workerIndex);
    this.#emitter.emit('workerDied', { workerIndex, broadcastIds: hit.map(({ id }) => id) });
    for (const broadcast of hit) this.#rehouse(broadcast);
  }

  /** Tried again when the next worker is up, should it fail. */
  #rehouse(broadcast: Broadcast): void {
    broadcast.workerDied().catch((error) => {
      this.#settings.log('error', 'a broadcast found no worker', {
        broadcast: broadcast.id,
        error: String(error),
      });
    });
  }
}

function zeroCounters(): MediaCounters {
  return {
    openBroadcasts: 0,
    openTransports: 0,
    openProducers: 0,
    openConsumers: 0,
    openBranches: 0,
    openFfmpeg: 0,
    workerDeaths: 0,
    ffmpegDeaths: 0,
    epochsStarted: 0,
    partsWritten: 0,
    segmentsClosed: 0,
    recordedBytes: 0,
    keyFrameRequests: 0,
    droppedFrames: 0,
  };
}

async function ensureWritable(storageDir: string): Promise<void> {
  try {
    await mkdir(storageDir, { recursive: true });
    await access(storageDir, constants.W_OK);
  } catch (error) {
    const message = `recordings cannot be written to "${storageDir}": ${String(error)}`;
    throw new MediaError('storage-unwritable', message, { cause: error });
  }
}

/** What every broadcast's router takes and sends. */
async function readFormats(pool: WorkerPool): Promise<RouterRtpCapabilities> {
  const { router } = await pool.createRouter();
  const { rtpCapabilities } = router;
  router.close();
  return offeredCapabilities(rtpCapabilities);
}
