import type { Admission, CpuBudget } from '../../process/cpu-budget.ts';
import { encodedPicture, reencodingCost, type EncodedPicture, type SourcePicture } from './reencoding.ts';

export interface EncodingLeaseOptions {
  budget: CpuBudget;
  /** For the operator's eyes. */
  what: string;
  /** `reason` is English. */
  onRefused: (reason: string) => void;
}

/**
 * Room on the machine for encoding one picture anew. A refusal stands for as long as the encoder is connected: a picture
 * that changed between even and uneven by itself would be worse than either.
 */
export class EncodingLease {
  readonly #options: EncodingLeaseOptions;
  #held: (Admission & { admitted: true; cores: number }) | null = null;
  #refused = false;

  constructor(options: EncodingLeaseOptions) {
    this.#options = options;
  }

  /** What it may be encoded as, or null. A picture that needs more than before is asked about again. */
  take(source: SourcePicture): EncodedPicture | null {
    if (this.#refused) return null;
    const encoded = encodedPicture(source);
    const cores = reencodingCost(source, encoded);
    if (this.#held && this.#held.cores >= cores) return encoded;
    this.release();
    const { budget, what, onRefused } = this.#options;
    const admission = budget.admit({ what, cores, priority: 'live' });
    if (admission.admitted) {
      this.#held = { ...admission, cores };
      return encoded;
    }
    this.#refused = true;
    onRefused(admission.reason);
    return null;
  }

  /** Idempotent. */
  release(): void {
    this.#held?.release();
    this.#held = null;
  }
}
