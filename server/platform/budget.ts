import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { HubError } from './errors.ts';

/** A budget of tries: `key` names whose. */
export interface Budget {
  /** Takes one try. Throws `rate.limited` with `retryAfterSeconds` when none is left. */
  spend(key: string): Promise<void>;
  /** Gives a try back after it turned out well. */
  giveBack(key: string): Promise<void>;
  /** Forgets the tries of a key. */
  clear(key: string): Promise<void>;
}

/** `points` tries in each `durationSeconds`, in memory: a restart forgives. */
export function openBudget(points: number, durationSeconds: number): Budget {
  const limiter = new RateLimiterMemory({ points, duration: durationSeconds });
  return {
    async spend(key) {
      try {
        await limiter.consume(key);
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        const retryAfterSeconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
        throw new HubError('rate.limited', { params: { retryAfterSeconds } });
      }
    },
    async giveBack(key) {
      await limiter.reward(key);
    },
    async clear(key) {
      await limiter.delete(key);
    },
  };
}
