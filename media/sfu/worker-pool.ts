import type { Router, WebRtcServer, Worker } from 'mediasoup/types';
import { Backoff } from '../tap/backoff.ts';
import type { MediaLog } from '../contract.ts';
import { MediaError } from '../errors.ts';
import { ROUTER_CODECS } from './codecs.ts';
import { killIfThere } from '../process/kill-if-there.ts';
import { startWorker, type WorkerSettings } from './start-worker.ts';

export interface PlacedRouter {
  router: Router;
  webRtcServer: WebRtcServer;
  workerIndex: number;
  load: WorkerLoad;
}

/** What a worker carries for all broadcasts together. Viewers that are about to consume count already. */
export interface WorkerLoad {
  consumers: number;
  routers: number;
}

interface Running {
  worker: Worker;
  server: WebRtcServer;
  load: WorkerLoad;
}

interface Slot {
  index: number;
  running: Running | null;
  backoff: Backoff;
}

export interface WorkerPoolOptions {
  workers: number;
  settings: WorkerSettings;
  log: MediaLog;
  onDied: (workerIndex: number) => void;
  onReplaced: (workerIndex: number) => void;
}

/** How long a broadcast waits for a worker while all are being replaced. */
const WAIT_FOR_WORKER_MS = 10_000;

/** Workers, one media port each. One that dies is replaced on the same port. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #slots: Slot[];
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #waiting = new Set<() => void>();
  #closed = false;

  private constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#slots = Array.from({ length: options.workers }, (_, index) => {
      return { index, running: null, backoff: new Backoff() };
    });
  }

  /** Throws what `startWorker` throws, after closing those that did start. */
  static async open(options: WorkerPoolOptions): Promise<WorkerPool> {
    const pool = new WorkerPool(options);
    const started = await Promise.allSettled(pool.#slots.map((slot) => pool.#start(slot)));
    const failed = started.find((result) => result.status === 'rejected');
    if (!failed) return pool;
    await pool.close();
    throw failed.reason;
  }

  get alive(): number {
    return this.#slots.filter(({ running }) => running).length;
  }

  /** For tests and for the operator's eyes. */
  get pids(): number[] {
    return this.#slots.flatMap(({ running }) => running?.worker.pid ?? []);
  }

  /** The workers that are alive, and what each carries. */
  get workers(): { workerIndex: number; load: WorkerLoad }[] {
    return this.#slots.flatMap(({ index, running }) =>
      running ? [{ workerIndex: index, load: running.load }] : [],
    );
  }

  /** On the worker that carries least; waits while all are being replaced. */
  async createRouter(): Promise<PlacedRouter> {
    const deadline = Date.now() + WAIT_FOR_WORKER_MS;
    for (;;) {
      const least = leastLoaded(this.workers);
      if (least) return this.createRouterOn(least.workerIndex);
      if (this.#closed || Date.now() >= deadline) {
        throw new MediaError('worker-unavailable', 'no mediasoup worker is alive');
      }
      await this.#changeOrTimeout(deadline - Date.now());
    }
  }

  /** Throws `worker-unavailable` where that worker is being replaced. */
  async createRouterOn(workerIndex: number, mediaCodecs = ROUTER_CODECS): Promise<PlacedRouter> {
    const running = this.#slots[workerIndex]?.running;
    if (!running) throw new MediaError('worker-unavailable', `worker ${workerIndex} is not alive`);
    const { worker, server, load } = running;
    load.routers += 1;
    try {
      const router = await worker.createRouter({ mediaCodecs });
      router.observer.once('close', () => (load.routers -= 1));
      return { router, webRtcServer: server, workerIndex, load };
    } catch (error) {
      load.routers -= 1;
      throw new MediaError('worker-unavailable', `worker ${workerIndex} makes no router`, { cause: error });
    }
  }

  /** Resolves when the processes have ended. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    const ends = this.#slots.flatMap(({ running }) => (running ? [endWorker(running.worker)] : []));
    for (const slot of this.#slots) slot.running = null;
    this.#wake();
    await Promise.all(ends);
  }

  async #start(slot: Slot): Promise<void> {
    const { settings } = this.#options;
    const port = settings.port === 0 ? 0 : settings.port + slot.index;
    const started = await startWorker({ ...settings, port });
    if (this.#closed) return endWorker(started.worker);
    slot.running = { ...started, load: { consumers: 0, routers: 0 } };
    slot.backoff.started(Date.now());
    started.worker.once('died', () => this.#died(slot));
    this.#wake();
  }

  #died(slot: Slot): void {
    slot.running = null;
    if (this.#closed) return;
    this.#options.log('error', 'a mediasoup worker died', { worker: slot.index });
    this.#options.onDied(slot.index);
    this.#restartLater(slot);
  }

  #restartLater(slot: Slot): void {
    const now = Date.now();
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        this.#start(slot).then(
          () => !this.#closed && this.#options.onReplaced(slot.index),
          (error) => {
            this.#options.log('error', 'a mediasoup worker could not be replaced', { error: String(error) });
            if (!this.#closed) this.#restartLater(slot);
          },
        );
      },
      slot.backoff.died(now) - now,
    );
    this.#timers.add(timer);
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  #changeOrTimeout(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#waiting.add(done);
    });
  }
}

function leastLoaded<T extends { load: WorkerLoad }>(workers: readonly T[]): T | undefined {
  return [...workers].sort(
    (a, b) => a.load.consumers - b.load.consumers || a.load.routers - b.load.routers,
  )[0];
}

/** Closes a worker and resolves when its process has ended; it is killed if it does not within two seconds. */
async function endWorker(worker: Worker): Promise<void> {
  if (worker.subprocessClosed) return;
  const ended = new Promise<void>((resolve) => worker.once('subprocessclose', resolve));
  worker.close();
  const timer = setTimeout(() => killIfThere(worker.pid), 2000);
  await ended;
  clearTimeout(timer);
}
