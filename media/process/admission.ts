/** `live`: somebody is watching it being made. `background`: uploads and the like, which can wait. */
export type EncodingPriority = 'live' | 'background';

export interface EncodingRequest {
  /** For the operator's eyes and for reasons, for example `layout of broadcast 7`. */
  what: string;
  /** Cores of this machine that it will keep busy. */
  cores: number;
  priority: EncodingPriority;
}

export interface EncodingSituation {
  /** What all encoders together may take. */
  budgetCores: number;
  machineCores: number;
  /** Measured over the last seconds, everything on the machine. */
  busyCores: number;
  /** Promised too recently to show in the measurement. */
  startingCores: number;
  liveCores: number;
  backgroundCores: number;
}

export type AdmissionDecision = { admitted: true; yieldCores: number } | { admitted: false; reason: string };

/** Left to the hub, the router and the system where the load is measured. */
const HEADROOM_CORES = 0.1;

/**
 * Whether one more encoder may start. Live ones may claim what background ones hold: `yieldCores` says how much of it
 * must be given back. Neither budget nor measured load is ever exceeded for the background's sake.
 */
export function decideAdmission(
  { cores, priority }: Pick<EncodingRequest, 'cores' | 'priority'>,
  situation: EncodingSituation,
): AdmissionDecision {
  const { budgetCores, machineCores, busyCores, startingCores, liveCores, backgroundCores } = situation;
  const claimable = priority === 'live' ? backgroundCores : 0;
  const overBudget = liveCores + backgroundCores + cores - budgetCores;
  const overLoad = busyCores + startingCores + cores + HEADROOM_CORES - machineCores;
  if (overBudget > claimable) {
    const taken = priority === 'live' ? liveCores : liveCores + backgroundCores;
    return refused(
      `it needs ${told(cores)} of a core, and of the ${told(budgetCores)} for encoders ${told(taken)} are taken`,
    );
  }
  if (overLoad > claimable) {
    return refused(
      `it needs ${told(cores)} of a core, and the machine is busy with ${told(busyCores)} of ${told(machineCores)}`,
    );
  }
  return { admitted: true, yieldCores: Math.max(0, overBudget, overLoad) };
}

const refused = (reason: string): AdmissionDecision => ({ admitted: false, reason });
const told = (cores: number) => String(Math.round(cores * 100) / 100);
