/** What concerns one broadcast happens one after another; different broadcasts do not wait for each other. */
export class Turns {
  readonly #tails = new Map<string, Promise<unknown>>();

  /** Runs `work` after everything taken before for the same key. Never call it from inside a turn of the same key. */
  take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    const tail = mine.then(
      () => undefined,
      () => undefined,
    );
    this.#tails.set(key, tail);
    void tail.then(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
    return mine;
  }

  /** Resolves when everything taken so far is done. */
  async settled(): Promise<void> {
    await Promise.all(this.#tails.values());
  }
}
