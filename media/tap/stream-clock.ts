/** Slewing by so much a packet is neither seen nor heard. */
const SLEW_MS = 2;
const WINDOW_MS = 10_000;
/** A stream's first packets come in a heap; until it has settled the best estimate is taken as it is. */
const SETTLING_MS = 1000;

/**
 * Places a stream's RTP timestamps on the hub's wall clock. The packet that was delayed least in the last ten
 * seconds tells the offset, so jitter does not move the pictures, and a publisher whose clock runs a little fast or
 * slow keeps sound and picture together for hours: both are tied to the same clock.
 */
export class StreamClock {
  readonly #rate: number;
  #lastTimestamp: number | null = null;
  #unwrapped = 0;
  #offset = 0;
  /** Least offset seen in the present and in the previous half window. */
  #leastNow = Infinity;
  #leastBefore = Infinity;
  #halfSince = 0;
  #startedAt = 0;

  /** `rate` in ticks a second. */
  constructor(rate: number) {
    this.#rate = rate;
  }

  /** Milliseconds since 1970 at which this was (nearly) captured. */
  place(timestamp: number, arrivedAt: number): number {
    const step = this.#lastTimestamp === null ? 0 : (timestamp - this.#lastTimestamp) | 0;
    this.#lastTimestamp = timestamp;
    this.#unwrapped += step;
    const mediaMs = (this.#unwrapped * 1000) / this.#rate;
    const offset = arrivedAt - mediaMs;
    const jumped = Math.abs(offset - this.#offset) > 3000;
    if (jumped) this.#restart(offset, arrivedAt);
    else this.#follow(offset, arrivedAt);
    return mediaMs + this.#offset;
  }

  #restart(offset: number, now: number): void {
    this.#offset = offset;
    this.#leastNow = offset;
    this.#leastBefore = offset;
    this.#halfSince = now;
    this.#startedAt = now;
  }

  #follow(offset: number, now: number): void {
    if (now - this.#halfSince > WINDOW_MS / 2) {
      this.#leastBefore = this.#leastNow;
      this.#leastNow = Infinity;
      this.#halfSince = now;
    }
    this.#leastNow = Math.min(this.#leastNow, offset);
    const wanted = Math.min(this.#leastNow, this.#leastBefore);
    const settling = now - this.#startedAt < SETTLING_MS;
    this.#offset += settling
      ? wanted - this.#offset
      : Math.max(-SLEW_MS, Math.min(SLEW_MS, wanted - this.#offset));
  }
}
