import { availableParallelism } from 'node:os';
import { decideAdmission, type EncodingRequest } from './admission.ts';
import { CpuLoad } from './cpu-load.ts';

export type Admission = { admitted: true; release(): void } | { admitted: false; reason: string };

export interface CpuBudgetOptions {
  /** What all encoders together may take of the machine's cores. */
  cores: number;
  /** Cores busy just now, everything counted. Default: measured. */
  busyCores?: () => number;
}

interface Reservation extends EncodingRequest {
  since: number;
  onYield: (() => void) | undefined;
}

/** The measured load knows of an encoder after so long. */
const STARTING_MS = 5000;

/** Who may encode. One per media plane: every encoder asks it first and releases what it got, whatever happens. */
export class CpuBudget {
  readonly #cores: number;
  readonly #load: CpuLoad | null;
  readonly #busyCores: () => number;
  readonly #reservations = new Set<Reservation>();

  constructor({ cores, busyCores }: CpuBudgetOptions) {
    this.#cores = cores;
    this.#load = busyCores ? null : new CpuLoad();
    this.#busyCores = busyCores ?? (() => this.#load?.busyCores ?? 0);
  }

  /**
   * `onYield` is called, once, on a background encoder whose cores a live one was given: it must end soon and
   * release. `release` is idempotent.
   */
  admit(request: EncodingRequest, onYield?: () => void): Admission {
    const now = Date.now();
    const decision = decideAdmission(request, {
      budgetCores: this.#cores,
      machineCores: availableParallelism(),
      busyCores: this.#busyCores(),
      startingCores: this.#sum(({ since }) => now - since < STARTING_MS),
      liveCores: this.#sum(({ priority }) => priority === 'live'),
      backgroundCores: this.#sum(({ priority }) => priority === 'background'),
    });
    if (!decision.admitted) return decision;
    this.#claim(decision.yieldCores);
    const reservation: Reservation = { ...request, since: now, onYield };
    this.#reservations.add(reservation);
    return { admitted: true, release: () => void this.#reservations.delete(reservation) };
  }

  /** Encoders that hold cores, for the operator's eyes. */
  get reserved(): { what: string; cores: number }[] {
    return [...this.#reservations].map(({ what, cores }) => ({ what, cores }));
  }

  close(): void {
    this.#load?.close();
  }

  /** The youngest go first: they have the least to lose. */
  #claim(cores: number): void {
    let missing = cores;
    const background = [...this.#reservations].filter(({ priority }) => priority === 'background');
    for (const reservation of background.toReversed()) {
      if (missing <= 0) return;
      missing -= reservation.cores;
      this.#reservations.delete(reservation);
      reservation.onYield?.();
    }
  }

  #sum(which: (reservation: Reservation) => boolean): number {
    return [...this.#reservations].filter(which).reduce((sum, { cores }) => sum + cores, 0);
  }
}
