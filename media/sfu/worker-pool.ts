import type { Router, WebRtcServer, Worker } from 'mediasoup/types';
import { Backoff } from '../tap/backoff.ts';
import type { MediaLog } from '../contract.ts';
import { MediaError } from '../errors.ts';
import { ROUTER_CODECS } from './codecs.ts';
import { startWorker, type WorkerSettings } from './start-worker.ts';

export interface PlacedRouter {
  router: Router;
  webRtcServer: WebRtcServer;
  workerIndex: number;
}

interface Slot {
  index: number;
  running: { worker: Worker; server: WebRtcServer } | null;
  routers: number;
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
      return { index, running: null, routers: 0, backoff: new Backoff() };
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

  /** On the worker with the fewest routers; waits while all are being replaced. */
  async createRouter(): Promise<PlacedRouter> {
    const deadline = Date.now() + WAIT_FOR_WORKER_MS;
    for (;;) {
      const slot = this.#leastLoaded();
      if (slot?.running) {
        slot.routers += 1;
        const router = await slot.running.worker.createRouter({ mediaCodecs: ROUTER_CODECS });
        router.observer.once('close', () => (slot.routers -= 1));
        return { router, webRtcServer: slot.running.server, workerIndex: slot.index };
      }
      if (this.#closed || Date.now() >= deadline) {
        throw new MediaError('worker-unavailable', 'no mediasoup worker is alive');
      }
      await this.#changeOrTimeout(deadline - Date.now());
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
    const running = await startWorker({ ...settings, port });
    if (this.#closed) return endWorker(running.worker);
    slot.running = running;
    slot.routers = 0;
    slot.backoff.started(Date.now());
    running.worker.once('died', () => this.#died(slot));
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

  #leastLoaded(): Slot | undefined {
    return this.#slots.filter(({ running }) => running).sort((a, b) => a.routers - b.routers)[0];
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

/** Closes a worker and resolves when its process has ended; it is killed if it does not within two seconds. */
async function endWorker(worker: Worker): Promise<void> {
  if (worker.subprocessClosed) return;
  const ended = new Promise<void>((resolve) => worker.once('subprocessclose', resolve));
  worker.close();
  const timer = setTimeout(() => process.kill(worker.pid, 'SIGKILL'), 2000);
  await ended;
  clearTimeout(timer);
}
