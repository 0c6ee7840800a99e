import { onNetworkChange } from './network-change.ts';

/** What is kept going. */
export interface KeptLine {
  /** Milliseconds since the last packet; undefined while none is expected. */
  silentForMs(): number | undefined;
  /** Finds a way through the network anew. */
  renew(): void;
}

const LOOK_MS = 250;
/** Sound comes every 20 ms and pictures every 70 at most: so long a silence is no jitter. */
const SILENT_MS = 750;
/** A renewal that did not help is tried again, more and more seldom: the host may be gone rather than the line. */
const FIRST_AGAIN_MS = 2_500;
const LONGEST_AGAIN_MS = 20_000;

/** How long after its `tries`th renewal a line that stays silent is renewed again. */
export function renewalPauseMs(tries: number): number {
  return Math.min(LONGEST_AGAIN_MS, FIRST_AGAIN_MS * 2 ** Math.max(0, tries - 1));
}

/**
 * Renews a line as soon as the device says that its network changed or nothing comes any more: ICE itself notices after
 * some seconds and gives up after thirty.
 */
export class LineKeeper {
  readonly #line: KeptLine;
  readonly #looks: ReturnType<typeof setInterval>;
  readonly #changes: { close(): void };
  #tries = 0;
  #triedAt = 0;

  constructor(line: KeptLine, onChange: () => void) {
    this.#line = line;
    this.#looks = setInterval(() => this.#look(), LOOK_MS);
    this.#changes = onNetworkChange(() => {
      this.#tries = 0;
      onChange();
      this.#renew();
    });
  }

  #look(): void {
    const silentForMs = this.#line.silentForMs();
    if (silentForMs === undefined || silentForMs < SILENT_MS) {
      if (silentForMs !== undefined) this.#tries = 0;
      return;
    }
    if (this.#tries === 0 || Date.now() - this.#triedAt > renewalPauseMs(this.#tries)) this.#renew();
  }

  #renew(): void {
    this.#tries += 1;
    this.#triedAt = Date.now();
    this.#line.renew();
  }

  close(): void {
    clearInterval(this.#looks);
    this.#changes.close();
  }
}
