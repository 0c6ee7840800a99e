import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** `copy`: move what can be moved beside writers. `empty`: move all and cut the log; only while nobody writes. */
export type CheckpointRequest = 'copy' | 'empty';
/** `emptied` false: another process was reading or writing. */
export interface CheckpointAnswer {
  emptied: boolean;
}

const THREAD = new URL('./checkpoint-thread.ts', import.meta.url);

/**
 * The thread that checkpoints one database file, started when it is first needed and again after it died. It keeps the
 * process alive only while it is asked something.
 */
export class Checkpointer {
  readonly #path: string;
  #worker: Worker | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** One request at a time. Rejects when the thread fails or dies; the next request starts another. */
  async ask(request: CheckpointRequest): Promise<CheckpointAnswer> {
    const worker = (this.#worker ??= this.#start());
    // A listener that goes with this request: a thread that ends by itself answers nobody.
    const gone = new AbortController();
    worker.ref();
    try {
      const answer = once(worker, 'message', { signal: gone.signal });
      const ended = once(worker, 'exit', { signal: gone.signal }).then(([code]) => {
        throw new Error(`the checkpoint thread ended with code ${code}`);
      });
      worker.postMessage(request);
      const settled = Promise.race([answer, ended]);
      ended.catch(() => undefined);
      return ((await settled) as [CheckpointAnswer])[0];
    } finally {
      gone.abort();
      worker.unref();
    }
  }

  /** Ends the thread. Idempotent. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    if (!worker) return;
    worker.ref();
    const ended = once(worker, 'exit');
    worker.postMessage('close');
    await ended;
  }

  #start(): Worker {
    const worker = new Worker(THREAD, { workerData: { path: this.#path } });
    worker.once('exit', () => {
      if (this.#worker === worker) this.#worker = undefined;
    });
    return worker;
  }
}
