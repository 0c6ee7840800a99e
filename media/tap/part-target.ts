/** A part that is not a segment's last has to fill so much of the target (RFC 8216bis 4.4.4.9). */
export const LEAST_FILLED = 0.85;
/** Pictures are never quite evenly apart. */
const SPARE = 1.08;
/** A source slower than one picture a second has parts of no use to anybody: HLS is served without. */
const MOST_SECONDS = 1.1;
const GAPS = 8;
/** So many long parts in a row are more than a gap or two of the camera. */
const LONG_PARTS = 3;
/** A part so much beyond its target is a long one. */
const LONG = 1.02;
/**
 * A source that was slow has to be fast for so long before it is believed: each change is a discontinuity. Each time
 * that it was believed it has to last twice as long the next time.
 */
const FASTER_FOR_MS = 10_000;

/**
 * The target that whole pictures so far apart fill as they must, seconds: the usual one where a number of them lies between
 * 85 % of it and itself (with 0.31 s: at 13 a second and more, and from 9.7 to 11.4), elsewhere what they need.
 */
export function partTargetFor(gapMs: number, usualSeconds: number): number {
  const pictures = Math.ceil((usualSeconds * LEAST_FILLED * 1000) / gapMs);
  const filledSeconds = (pictures * gapMs) / 1000;
  return filledSeconds <= usualSeconds ? usualSeconds : Math.min(filledSeconds * SPARE, MOST_SECONDS);
}

/**
 * PART-TARGET by the pictures that come. It changes with an epoch only: it grows where a run of parts is too long for it,
 * and shrinks where the pictures have come fast for a while.
 */
export class PartTarget {
  readonly #usualSeconds: number;
  #seconds: number;
  #fasterForMs = FASTER_FOR_MS;
  /** Since when every look at the pictures allowed a shorter one. */
  #fasterSinceMs: number | null = null;
  #gapsMs: number[] = [];
  #lastMs: number | null = null;
  /** Begin of the part that is being filled. */
  #partMs: number | null = null;
  #longParts = 0;

  constructor(usualSeconds: number) {
    this.#usualSeconds = usualSeconds;
    this.#seconds = usualSeconds;
  }

  see(atMs: number): void {
    if (this.#lastMs !== null) this.#gapsMs = [...this.#gapsMs, atMs - this.#lastMs].slice(-GAPS);
    this.#lastMs = atMs;
    this.#fillPart(atMs);
    if (this.#fitting() < this.#seconds * 0.9) this.#fasterSinceMs ??= atMs;
    else this.#fasterSinceMs = null;
  }

  /** Whether an epoch should begin for its sake. */
  get outgrown(): boolean {
    return this.#wanted() !== this.#seconds;
  }

  /** For an epoch that begins now. Of another source nothing is known yet. */
  choose({ sameSource }: { sameSource: boolean }): number {
    const wanted = sameSource ? this.#wanted() : this.#usualSeconds;
    if (!sameSource) [this.#gapsMs, this.#lastMs, this.#fasterForMs] = [[], null, FASTER_FOR_MS];
    else if (wanted < this.#seconds) this.#fasterForMs *= 2;
    this.#seconds = wanted;
    [this.#partMs, this.#longParts, this.#fasterSinceMs] = [null, 0, null];
    return wanted;
  }

  #wanted(): number {
    const fitting = this.#fitting();
    const longer = this.#longParts >= LONG_PARTS && fitting > this.#seconds * LONG;
    const fastMs = (this.#lastMs ?? 0) - (this.#fasterSinceMs ?? Infinity);
    return longer || fastMs > this.#fasterForMs ? fitting : this.#seconds;
  }

  /** Counts the long parts in a row, cut as the muxer cuts: with the first picture at or beyond the least. */
  #fillPart(atMs: number): void {
    this.#partMs ??= atMs;
    const lastedMs = atMs - this.#partMs;
    if (lastedMs < this.#seconds * LEAST_FILLED * 1000) return;
    this.#partMs = atMs;
    this.#longParts = lastedMs > this.#seconds * LONG * 1000 ? this.#longParts + 1 : 0;
  }

  /** What would fit the pictures of late. */
  #fitting(): number {
    const middle = this.#gapsMs.toSorted((a, b) => a - b)[GAPS / 2];
    return middle === undefined || this.#gapsMs.length < GAPS
      ? this.#usualSeconds
      : partTargetFor(Math.max(middle, 1), this.#usualSeconds);
  }
}
