import { Epoch, type EpochInit, type EpochOptions, type Fragment } from './epoch.ts';

interface Slot {
  epoch: Epoch;
  output: (() => void)[];
  over: boolean;
}

/** Epochs in a row: a later one may run already while an earlier one still writes; their output never mixes. */
export class EpochLine {
  readonly #onInit: (init: EpochInit) => void;
  readonly #onFragment: (fragment: Fragment) => void;
  readonly #onIdle: () => void;
  readonly #slots: Slot[] = [];
  #started = 0;

  constructor(
    onInit: (init: EpochInit) => void,
    onFragment: (fragment: Fragment) => void,
    onIdle: () => void,
  ) {
    this.#onInit = onInit;
    this.#onFragment = onFragment;
    this.#onIdle = onIdle;
  }

  get running(): number {
    return this.#slots.length;
  }

  start(options: Omit<EpochOptions, 'number' | 'onInit' | 'onFragment'>): Epoch {
    const deliver = (output: () => void) => {
      if (this.#slots[0] === slot) output();
      else slot.output.push(output);
    };
    const epoch = new Epoch({
      ...options,
      number: this.#started,
      onInit: (init) => deliver(() => this.#onInit(init)),
      onFragment: (fragment) => deliver(() => this.#onFragment(fragment)),
      onEnd: (end) => {
        slot.over = true;
        this.#advance();
        options.onEnd(end);
      },
    });
    const slot: Slot = { epoch, output: [], over: false };
    this.#slots.push(slot);
    this.#started += 1;
    return epoch;
  }

  /** Ends all that run and resolves when their last output has been delivered. */
  async finish(): Promise<void> {
    await Promise.all(this.#slots.map(({ epoch }) => epoch.finish()));
  }

  #advance(): void {
    while (this.#slots[0]?.over) {
      this.#slots.shift();
      for (const output of this.#slots[0]?.output.splice(0) ?? []) output();
    }
    if (this.#slots.length === 0) this.#onIdle();
  }
}
