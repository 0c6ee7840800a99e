/** A part that is not a segment's last has to fill so much of the target (RFC 8216bis 4.4.4.9). */
export const LEAST_FILLED = 0.85;
/** Pictures are never quite evenly apart. */
const SPARE = 1.08;
/** A source slower than one picture a second has parts of no use to anybody: HLS is served without. */
const MOST_SECONDS = 1.1;
const GAPS = 8;
/** A source that was slow has to be fast for so long before it is believed: each change is a discontinuity. */
const FASTER_FOR_MS = 10_000;

/**
 * The target that whole pictures so far apart fill as they must: the usual one for 10 a second and more, what the pictures
 * need for fewer. Seconds.
 */
export function partTargetFor(gapMs: number, usualSeconds: number): number {
  const pictures = Math.ceil((usualSeconds * LEAST_FILLED * 1000) / gapMs);
  const filledSeconds = (pictures * gapMs) / 1000;
  return filledSeconds <= usualSeconds ? usualSeconds : Math.min(filledSeconds * SPARE, MOST_SECONDS);
}

/** PART-TARGET by the pictures that come. It changes with an epoch only. */
export class PartTarget {
  readonly #usualSeconds: number;
  #seconds: number;
  #chosenAtMs = 0;
  #gapsMs: number[] = [];
  #lastMs: number | null = null;

  constructor(usualSeconds: number) {
    this.#usualSeconds = usualSeconds;
    this.#seconds = usualSeconds;
  }

  see(atMs: number): void {
    if (this.#lastMs !== null) this.#gapsMs = [...this.#gapsMs, atMs - this.#lastMs].slice(-GAPS);
    this.#lastMs = atMs;
  }

  /** Whether an epoch should begin for its sake. */
  get outgrown(): boolean {
    const wanted = this.#wanted();
    if (wanted > this.#seconds * 1.02) return true;
    return wanted < this.#seconds * 0.9 && (this.#lastMs ?? 0) - this.#chosenAtMs > FASTER_FOR_MS;
  }

  /** For an epoch that begins now. Of another source nothing is known yet. */
  choose({ sameSource }: { sameSource: boolean }): number {
    if (!sameSource) [this.#gapsMs, this.#lastMs] = [[], null];
    this.#seconds = this.#wanted();
    this.#chosenAtMs = this.#lastMs ?? 0;
    return this.#seconds;
  }

  #wanted(): number {
    const middle = this.#gapsMs.toSorted((a, b) => a - b)[GAPS / 2];
    return middle === undefined || this.#gapsMs.length < GAPS
      ? this.#usualSeconds
      : partTargetFor(Math.max(middle, 1), this.#usualSeconds);
  }
}
