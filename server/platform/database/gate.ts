import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long writers may run back to back before the event loop gets a turn. Keeps stalls far below 50 ms. */
const TURN_MS = 8;

/**
 * SQLite has one writer. The gate makes the hub's own writers queue in JavaScript, where waiting costs nothing,
 * instead of inside SQLite's busy wait, which blocks the event loop.
 */
export class WriteGate {
  #tail: Promise<void> = Promise.resolve();
  #turnStartedAt = 0;
  readonly #holding = new AsyncLocalStorage<{ held: boolean }>();

  /** True inside `hold`, also across awaits. */
  get held(): boolean {
    return this.#holding.getStore()?.held ?? false;
  }

  /** Runs `work` alone among writers. Throws at once where it would wait for itself: a write beside its own open transaction. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    if (this.held)
      throw new Error('A write was issued beside the open transaction; pass the transaction down instead.');
    const before = this.#tail;
    let release!: () => void;
    this.#tail = new Promise<void>((resolve) => (release = resolve));
    await before;
    try {
      const now = performance.now();
      if (now - this.#turnStartedAt > TURN_MS) {
        await nextTurn();
        this.#turnStartedAt = performance.now();
      }
      const mark = { held: true };
      // The mark is cleared at the end: work that outlives the transaction (a listener, a timer) is not inside it.
      return await this.#holding.run(mark, work).finally(() => (mark.held = false));
    } finally {
      release();
    }
  }
}
