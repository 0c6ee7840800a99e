/** A composition time that only jitters by the rounding to milliseconds reorders nothing. */
const ROUNDING_MS = 5;
/** Of two or three B-frames in a row some are among so many pictures. */
const DECIDING_PICTURES = 4;

/** Whether an encoder sends pictures in another order than they are shown in, which B-frames make it do. */
export class PictureOrder {
  #range: [number, number] | null = null;
  #pictures = 0;

  take(compositionMs: number): void {
    const [least, most] = this.#range ?? [compositionMs, compositionMs];
    this.#range = [Math.min(least, compositionMs), Math.max(most, compositionMs)];
    this.#pictures += 1;
  }

  /** A constant offset is an encoder that might reorder and does not. */
  get reordered(): boolean {
    return this.#range !== null && this.#range[1] - this.#range[0] > ROUNDING_MS;
  }

  /** False while the next pictures may show another order; at once where the first comes without an offset. */
  get decided(): boolean {
    if (!this.#range) return false;
    const offset = Math.max(...this.#range.map(Math.abs));
    return this.reordered || offset <= ROUNDING_MS || this.#pictures >= DECIDING_PICTURES;
  }
}
