import type { LineSample } from './poor-line.ts';
import { SoundOffer } from './sound-offer.svelte.ts';

const WEAK_FOR_MS = 8_000;
const WEAK_LOSS_SHARE = 0.05;
/** What stands still so soon after trouble elsewhere is still of that. */
const AFTERMATH_MS = 5_000;

/** The reader's own line: called weak, and spared by an offer, only for what is not the host's or the hub's doing. */
export class OwnLine {
  weak = $state(false);
  readonly offer = new SoundOffer();
  #weakUntil = 0;
  #excusedUntil = 0;
  #stalls = 0;

  /** Nothing was left to play. */
  stalled(): void {
    this.#stalls += 1;
    this.#weigh(true);
  }

  /** A second of HLS; `offers`: the sound alone can be offered. */
  hearHls(line: Omit<LineSample & { way: 'hls' }, 'way' | 'stalls'>, offers: boolean): void {
    if (offers && !this.#excused) this.offer.hear({ way: 'hls', ...line, stalls: this.#stalls });
    this.#stalls = 0;
  }

  hearWebRtc(line: Omit<LineSample & { way: 'webrtc' }, 'way'>): void {
    this.#weigh(line.lossShare > WEAK_LOSS_SHARE);
    if (!this.#excused) this.offer.hear({ way: 'webrtc', ...line });
  }

  /** Once a second. `elsewhere`: the host or the hub is in trouble or away, and nothing is known of this line. */
  look(elsewhere: boolean): void {
    if (elsewhere) {
      this.#excusedUntil = Date.now() + AFTERMATH_MS;
      this.#weakUntil = 0;
      this.offer.forget();
    }
    this.weak = Date.now() < this.#weakUntil;
  }

  #weigh(isWeak: boolean): void {
    if (isWeak && !this.#excused) this.#weakUntil = Date.now() + WEAK_FOR_MS;
  }

  get #excused(): boolean {
    return Date.now() < this.#excusedUntil;
  }
}
