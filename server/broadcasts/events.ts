import type { Instant } from '../platform/clock.ts';
import type { BroadcastState } from './rules.ts';

/** News of a broadcast, written to the outbox in the transaction of the fact. */
export interface StateChanged {
  type: 'broadcasts.state-changed';
  payload: { broadcastId: string; state: BroadcastState; at: Instant };
}

/** Someone's effective time reached the threshold; once a broadcast and person. */
export interface PresenceReached {
  type: 'broadcasts.presence-reached';
  payload: {
    broadcastId: string;
    personId: string;
    effectiveSeconds: number;
    thresholdMinutes: number;
    at: Instant;
  };
}
