/** How much one router and one worker (a core) may carry. */
export interface SfuLimits {
  viewersPerRouter: number;
  consumersPerWorker: number;
}

/** A router of the broadcast. */
export interface StandingPlace {
  viewers: number;
  /** Of all broadcasts on its worker. */
  workerConsumers: number;
}

export type ViewerPlace = { at: 'standing'; index: number } | { at: 'new-branch'; index: number } | 'full';

/** What a viewer takes up: a picture and a sound. */
export const CONSUMERS_OF_VIEWER = 2;

/**
 * Where the next viewer goes: to the least loaded of the broadcast's routers that has room, else to a new one on the
 * least loaded of the workers that have none yet. Two routers of one worker are never joined (mediasoup #1602).
 */
export function placeViewer(
  standing: readonly StandingPlace[],
  workersWithout: readonly { consumers: number }[],
  limits: SfuLimits,
): ViewerPlace {
  const fits = (consumers: number) => consumers + CONSUMERS_OF_VIEWER <= limits.consumersPerWorker;
  const place = leastOf(
    standing,
    ({ viewers, workerConsumers }) => viewers < limits.viewersPerRouter && fits(workerConsumers),
    ({ workerConsumers }) => workerConsumers,
  );
  if (place !== undefined) return { at: 'standing', index: place };
  const branch = leastOf(
    workersWithout,
    ({ consumers }) => fits(consumers),
    ({ consumers }) => consumers,
  );
  return branch === undefined ? 'full' : { at: 'new-branch', index: branch };
}

function leastOf<T>(all: readonly T[], isFit: (one: T) => boolean, loadOf: (one: T) => number) {
  return all
    .map((one, index) => ({ one, index }))
    .filter(({ one }) => isFit(one))
    .sort((a, b) => loadOf(a.one) - loadOf(b.one))[0]?.index;
}
