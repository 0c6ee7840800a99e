const WINDOW_MS = 10_000;

/** The least of the offsets seen in the last five to ten seconds: the packet that was delayed least tells the truth. */
export class LeastDelay {
  #now = Infinity;
  #before = Infinity;
  #halfSince = -Infinity;

  /** Infinity while nothing was seen. */
  get offset(): number {
    return Math.min(this.#now, this.#before);
  }

  see(offset: number, at: number): void {
    if (at - this.#halfSince > WINDOW_MS / 2) {
      this.#before = this.#now;
      this.#now = Infinity;
      this.#halfSince = at;
    }
    this.#now = Math.min(this.#now, offset);
  }

  restart(): void {
    this.#now = this.#before = Infinity;
  }
}
