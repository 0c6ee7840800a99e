import { afterSecond, FRESH_LINE, isPoorLine, type LineHistory, type LineSample } from './poor-line.ts';
import { wantsLittleData } from './network-change.ts';

/** So long nothing is offered after a no. */
const QUIET_MS = 120_000;

/** Offers the sound alone before the picture breaks, and takes a no for an answer. */
export class SoundOffer {
  offered = $state(false);
  #history: LineHistory = FRESH_LINE;
  #quietUntil = 0;
  #asked = false;

  hear(sample: LineSample): void {
    this.#history = afterSecond(this.#history, sample);
    if (Date.now() < this.#quietUntil) return;
    const first = !this.#asked && wantsLittleData();
    if (first || isPoorLine(this.#history)) {
      this.#asked = true;
      this.offered = true;
    } else if (this.#history.trouble === 0 && this.offered && !wantsLittleData()) this.offered = false;
  }

  decline(): void {
    this.#quietUntil = Date.now() + QUIET_MS;
    this.forget();
  }

  /** Another way of playing begins: what was seen of the last one says nothing about it. */
  forget(): void {
    this.#history = FRESH_LINE;
    this.offered = false;
  }
}
