const DELAYS_MS = [0, 250, 500, 1000, 2000, 5000];
const HEALTHY_AFTER_MS = 10_000;

/** When to try again after a death: at once the first time, then more and more slowly. */
export class Backoff {
  #deaths = 0;
  #lastStartAt = 0;

  started(now: number): void {
    this.#lastStartAt = now;
  }

  /** Returns the time before which it should not be started again. */
  died(now: number): number {
    if (now - this.#lastStartAt > HEALTHY_AFTER_MS) this.#deaths = 0;
    const delay = DELAYS_MS[Math.min(this.#deaths, DELAYS_MS.length - 1)]!;
    this.#deaths += 1;
    return now + delay;
  }
}
