/**
 * Finds a broadcast a home after its worker died: one search at a time, however often a worker dies meanwhile, so that it
 * never moves into two. `find` rejects where there is none; whoever asks again searches again.
 */
export class HomeSearch<Home extends { router: { closed: boolean } }> {
  readonly #find: () => Promise<Home>;
  readonly #moveIn: (home: Home) => void;
  #running: Promise<void> | null = null;

  constructor(find: () => Promise<Home>, moveIn: (home: Home) => void) {
    this.#find = find;
    this.#moveIn = moveIn;
  }

  get running(): boolean {
    return this.#running !== null;
  }

  /** Resolves when it has moved in; rejects with what `find` rejects with. */
  async search(): Promise<void> {
    this.#running ??= this.#run().finally(() => (this.#running = null));
    await this.#running;
  }

  async #run(): Promise<void> {
    for (;;) {
      const home = await this.#find();
      // Its worker may have died on the way here.
      if (!home.router.closed) return this.#moveIn(home);
    }
  }
}
