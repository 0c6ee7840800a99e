import { LeastDelay } from './least-delay.ts';

/** A stream's first packets come in a heap; until it has settled the best estimate is taken as it is. */
const SETTLING_MS = 1000;
/** A timestamp so far from where it was expected begins a new count. */
const JUMP_MS = 3000;
/** A report whose timestamp is so far from the stream's is another layer's, which counts from elsewhere. */
const FOREIGN_MS = 1500;
/** A sender's clock that was set anew says nothing of what was before. */
const CLOCK_STEP_MS = 500;
/** The sender's word is not taken where it differs by so much from what is seen. */
const DOUBTFUL_MS = 2000;

/** What a sender says of its stream (RFC 3550 6.4.1): this timestamp stands for that time of its own clock. */
export interface SenderReport {
  timestamp: number;
  /** Milliseconds of the sender's wall clock, since whenever. */
  ntpMs: number;
  arrivedAt: number;
}

/**
 * A publisher's wall clock against the hub's: the least delay of any of its streams. One for all streams of a peer, so
 * that those its device delayed differently, pictures that took long to encode, come together again.
 */
export class SenderClock {
  readonly #least = new LeastDelay();

  /** What is to be added to the sender's time; Infinity while unknown. */
  get offset(): number {
    return this.#least.offset;
  }

  see(ntpMs: number, arrivedAt: number): void {
    this.#least.see(arrivedAt - ntpMs, arrivedAt);
  }

  restart(): void {
    this.#least.restart();
  }
}

export interface StreamClockOptions {
  /** Ticks a second. */
  rate: number;
  /** The most a packet's place is moved against the one before, where that is neither seen nor heard. */
  slewMs: number;
  /** Shared by the streams of a peer. Without it arrival alone tells the time. */
  sender?: SenderClock;
}

/**
 * Places a stream's RTP timestamps on the hub's wall clock. The packet that was delayed least in the last ten seconds
 * tells the offset, so jitter does not move the pictures, and a publisher whose clock runs a little fast or slow keeps
 * sound and picture together for hours. Once the sender has reported, its own clock ties its streams together.
 */
export class StreamClock {
  readonly #options: StreamClockOptions;
  readonly #least = new LeastDelay();
  #lastTimestamp: number | null = null;
  #unwrapped = 0;
  #offset = 0;
  #startedAt = 0;
  /** From the stream's time to the sender's; null before the first report. */
  #toSender: number | null = null;

  constructor(options: StreamClockOptions) {
    this.#options = options;
  }

  report({ timestamp, ntpMs, arrivedAt }: SenderReport): void {
    const { rate, sender } = this.#options;
    if (!sender || this.#lastTimestamp === null) return;
    const mediaMs = ((this.#unwrapped + ((timestamp - this.#lastTimestamp) | 0)) * 1000) / rate;
    if (Math.abs(mediaMs + this.#least.offset - arrivedAt) > FOREIGN_MS) return;
    const toSender = ntpMs - mediaMs;
    if (this.#toSender !== null && Math.abs(toSender - this.#toSender) > CLOCK_STEP_MS) sender.restart();
    this.#toSender = toSender;
  }

  /** Milliseconds since 1970 at which this was (nearly) captured. */
  place(timestamp: number, arrivedAt: number): number {
    const step = this.#lastTimestamp === null ? 0 : (timestamp - this.#lastTimestamp) | 0;
    this.#lastTimestamp = timestamp;
    this.#unwrapped += step;
    const mediaMs = (this.#unwrapped * 1000) / this.#options.rate;
    const offset = arrivedAt - mediaMs;
    if (Math.abs(offset - this.#offset) > JUMP_MS) this.#restart(offset, arrivedAt);
    this.#least.see(offset, arrivedAt);
    if (this.#toSender !== null) this.#options.sender?.see(mediaMs + this.#toSender, arrivedAt);
    this.#follow(arrivedAt);
    return mediaMs + this.#offset;
  }

  #restart(offset: number, now: number): void {
    this.#offset = offset;
    this.#least.restart();
    this.#toSender = null;
    this.#startedAt = now;
  }

  #follow(now: number): void {
    const { slewMs } = this.#options;
    const away = this.#wanted() - this.#offset;
    const settling = now - this.#startedAt < SETTLING_MS;
    this.#offset += settling ? away : Math.max(-slewMs, Math.min(slewMs, away));
  }

  #wanted(): number {
    const seen = this.#least.offset;
    const told = (this.#toSender ?? Infinity) + (this.#options.sender?.offset ?? Infinity);
    return Math.abs(told - seen) < DOUBTFUL_MS ? told : seen;
  }
}
