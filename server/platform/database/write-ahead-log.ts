import { open, type FileHandle } from 'node:fs/promises';
import { faultWords } from '../fault.ts';
import { Checkpointer } from './checkpointer.ts';
import type { WriteGate } from './gate.ts';
import { GroupSync } from './group-sync.ts';

/** The log is emptied into the database file when it has grown to this, or when nobody has written for a while. */
const FULL_BYTES = 4 * 1024 * 1024;
const IDLE_MS = 10_000;
/** After a checkpoint that failed, or that another process was in the way of. */
const AGAIN_MS = 5_000;

/**
 * SQLite's write-ahead log as far as waiting for the disk goes: SQLite itself writes without syncing, what was
 * acknowledged is synced here by the thread pool, and checkpoints are another thread's. The event loop waits for neither.
 */
export class WriteAheadLog {
  readonly #path: string;
  readonly #gate: WriteGate;
  readonly #checkpointer: Checkpointer;
  readonly #group = new GroupSync(() => this.#sync());
  #handle: Promise<FileHandle> | undefined;
  #idle: NodeJS.Timeout | undefined;
  #checkpoint: Promise<void> | undefined;
  #notBefore = 0;
  #syncFault: Error | undefined;
  #checkpointFault: string | undefined;
  #closed = false;

  constructor(path: string, gate: WriteGate) {
    this.#path = path;
    this.#gate = gate;
    this.#checkpointer = new Checkpointer(path);
  }

  /** What is wrong with the disk, for the operator; undefined while all is well. */
  get fault(): string | undefined {
    return this.#syncFault?.message ?? this.#checkpointFault;
  }

  /**
   * Throws once a sync has failed, until the hub is started again: the system may have forgotten what it could not write,
   * and a later sync that succeeds says nothing of it.
   */
  ensureSound(): void {
    if (this.#syncFault) throw this.#syncFault;
  }

  /** Resolves once everything committed before this call survives a power cut. Rejects with what the disk said. */
  async settle(): Promise<void> {
    try {
      await this.#group.settle();
    } catch (error) {
      const words = `what was written could not be synced to disk (${faultWords(error)}); nothing more is taken until the hub is started again`;
      this.#syncFault ??= new Error(words, { cause: error });
    }
    this.ensureSound();
    this.#idle ??= setTimeout(() => this.#quiet(), IDLE_MS).unref();
    if ((await this.#size()) >= FULL_BYTES) this.#startCheckpoint();
  }

  /** Ends the thread. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idle);
    await this.#checkpoint;
    await this.#checkpointer.close();
    const handle = await this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  async #sync(): Promise<void> {
    await (await this.#open()).datasync();
  }

  async #size(): Promise<number> {
    return this.#closed ? 0 : (await (await this.#open()).stat()).size;
  }

  /** Another descriptor of the log is harmless: SQLite locks its other two files, never this one. */
  #open(): Promise<FileHandle> {
    this.#handle ??= open(`${this.#path}-wal`, 'r').catch((error: unknown) => {
      this.#handle = undefined;
      throw error;
    });
    return this.#handle;
  }

  #quiet(): void {
    this.#idle = undefined;
    this.#startCheckpoint();
  }

  #startCheckpoint(): void {
    if (this.#closed || this.#checkpoint || performance.now() < this.#notBefore) return;
    this.#checkpoint = this.#empty()
      .then((emptied) => {
        this.#checkpointFault = undefined;
        if (!emptied) this.#notBefore = performance.now() + AGAIN_MS;
      })
      .catch((error: unknown) => {
        this.#checkpointFault = `the write-ahead log could not be emptied: ${faultWords(error)}`;
        this.#notBefore = performance.now() + AGAIN_MS;
      })
      .finally(() => (this.#checkpoint = undefined));
  }

  /** Most is copied beside the writers; they wait, in JavaScript, only for what is left. */
  async #empty(): Promise<boolean> {
    if ((await this.#size()) === 0) return true;
    await this.#checkpointer.ask('copy');
    const { emptied } = await this.#gate.hold(() => this.#checkpointer.ask('empty'));
    return emptied;
  }
}
