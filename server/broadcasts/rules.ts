export const BROADCAST_STATES = ['scheduled', 'live', 'interrupted', 'ended', 'replay'] as const;
export type BroadcastState = (typeof BROADCAST_STATES)[number];

/**
 * What can happen to a broadcast. `media-began`: a first part is durable, at the start or after an interruption.
 * `hub-stopped`: the hub let go of it, or found at its start that it had died. `recording-ready`: the index of what
 * was recorded is complete and not empty.
 */
export const BROADCAST_HAPPENINGS = [
  'media-began',
  'media-lost',
  'hub-stopped',
  'grace-over',
  'end-asked',
  'recording-ready',
] as const;
export type BroadcastHappening = (typeof BROADCAST_HAPPENINGS)[number];

const TRANSITIONS: Record<BroadcastState, Partial<Record<BroadcastHappening, BroadcastState>>> = {
  scheduled: { 'media-began': 'live', 'end-asked': 'ended' },
  live: { 'media-lost': 'interrupted', 'hub-stopped': 'interrupted', 'end-asked': 'ended' },
  interrupted: { 'media-began': 'live', 'grace-over': 'ended', 'end-asked': 'ended' },
  ended: { 'recording-ready': 'replay' },
  replay: {},
};

/** The state after a happening, or undefined where it changes nothing. */
export function nextState(state: BroadcastState, happening: BroadcastHappening): BroadcastState | undefined {
  return TRANSITIONS[state][happening];
}

/** True while the room can still be on the air: people may join its media, speak and publish. */
export function isOpen(state: BroadcastState): boolean {
  return state === 'scheduled' || state === 'live' || state === 'interrupted';
}

/** A last moment that is known of a broadcast whose hub died, never before its window began. Milliseconds. */
export function lastKnownMs(windowStartedAtMs: number, known: readonly (number | undefined)[]): number {
  return Math.max(windowStartedAtMs, ...known.filter((ms) => ms !== undefined));
}
