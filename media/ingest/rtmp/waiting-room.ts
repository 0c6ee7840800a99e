/** Connections that have not shown a valid key yet, all of them and of one address. An encoder shows its own in a second. */
const MOST_WAITING = 60;
const MOST_OF_ADDRESS = 12;

interface Waiting {
  readonly address: string;
  /** Ends the connection. */
  turnAway(): void;
}

/**
 * Where connections are until they are admitted. A newcomer is never refused for those that wait in vain: the one that
 * waits longest has to go, of its own address first.
 */
export class WaitingRoom<One extends Waiting> {
  /** In the order of their coming. */
  readonly #waiting = new Set<One>();

  get size(): number {
    return this.#waiting.size;
  }

  enter(newcomer: One): void {
    this.#waiting.add(newcomer);
    const neighbours = [...this.#waiting].filter(({ address }) => address === newcomer.address);
    const tooMany =
      neighbours.length > MOST_OF_ADDRESS
        ? neighbours[0]
        : [...this.#waiting].slice(0, this.#waiting.size > MOST_WAITING ? 1 : 0)[0];
    if (!tooMany) return;
    this.#waiting.delete(tooMany);
    tooMany.turnAway();
  }

  /** It was admitted, or is gone. */
  leave(one: One): void {
    this.#waiting.delete(one);
  }
}
