/** Ends that are under way: whoever has to leave nothing behind waits for all of them. */
export class Endings {
  readonly #running = new Set<Promise<unknown>>();

  /** `end` must not reject. */
  add(end: Promise<unknown>): void {
    this.#running.add(end);
    void end.then(() => this.#running.delete(end));
  }

  async all(): Promise<void> {
    await Promise.all(this.#running);
  }
}
