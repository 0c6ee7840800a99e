import { systemClock, type Clock } from '../platform/clock.ts';

/** The sample's clock: it is set back while the past is made up, and then runs with the system's. */
export interface MovableClock extends Clock {
  /** Stands still at an instant (milliseconds). */
  standAt(ms: number): void;
  /** Shows the present again. */
  release(): void;
}

export function movableClock(): MovableClock {
  let standing: number | undefined;
  return {
    now: () => standing ?? systemClock.now(),
    standAt: (ms) => void (standing = ms),
    release: () => void (standing = undefined),
  };
}
