const KEY = 'xiangbo_reading_size';
/** Of running text, in pixels. */
const SIZES = [18, 21, 25] as const;

/** How large this device shows articles. */
export class ReadingSize {
  #step = $state(0);

  /** In the browser only. */
  recall(): void {
    try {
      const kept = Number(localStorage.getItem(KEY));
      if (Number.isInteger(kept) && kept > 0 && kept < SIZES.length) this.#step = kept;
    } catch (error) {
      console.info('This browser keeps nothing between pages', error);
    }
  }

  get pixels(): number {
    return SIZES[this.#step]!;
  }

  get isLargest(): boolean {
    return this.#step === SIZES.length - 1;
  }

  get isSmallest(): boolean {
    return this.#step === 0;
  }

  change(by: 1 | -1): void {
    this.#step = Math.min(SIZES.length - 1, Math.max(0, this.#step + by));
    try {
      localStorage.setItem(KEY, String(this.#step));
    } catch (error) {
      console.info('This browser keeps nothing between pages', error);
    }
  }
}
