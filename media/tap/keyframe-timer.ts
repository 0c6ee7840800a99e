/** mediasoup passes one request a second at most; asking more often is waste. */
const LEAST_INTERVAL_MS = 500;
/** Asked again when the answer does not come. */
const RETRY_MS = 1000;

/** The one keyframe timer of a broadcast: asks when the last keyframe is `everyMs` old. */
export class KeyframeTimer {
  readonly #everyMs: number;
  readonly #ask: () => void;
  #timer: NodeJS.Timeout | null = null;
  #lastAskedAt = 0;

  constructor(everyMs: number, ask: () => void) {
    this.#everyMs = everyMs;
    this.#ask = ask;
  }

  /** A keyframe came, whoever asked for it. */
  seen(): void {
    this.#wait(this.#everyMs);
  }

  /** Asks now, unless it was asked a moment ago. */
  request(): void {
    const now = Date.now();
    if (now - this.#lastAskedAt < LEAST_INTERVAL_MS) return;
    this.#lastAskedAt = now;
    this.#ask();
    this.#wait(RETRY_MS);
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #wait(ms: number): void {
    this.stop();
    this.#timer = setTimeout(() => this.request(), ms);
  }
}
