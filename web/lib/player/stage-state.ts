/** What stands over the picture, and so why there is none. */
export type Veil =
  'waiting' | 'ended' | 'loading' | 'host-away' | 'offline' | 'hub-away' | 'picture-late' | null;

export interface StageFacts {
  mode: 'waiting' | 'webrtc' | 'hls' | 'replay';
  state: 'scheduled' | 'live' | 'interrupted' | 'ended' | 'replay';
  /** The device has a network. */
  online: boolean;
  /** The hub does not answer: its room, or what it serves. */
  hubAway: boolean;
  /** Pictures (or the sound, where that is all) are really coming. */
  flowing: boolean;
  /** There was a picture on this page, and nothing else was asked for just now. */
  late: boolean;
  /** Nothing is meant to move: the reader paused, or has not begun. */
  rests: boolean;
}

/** The nearest reason wins: one's own network before the hub, the hub before the host. */
export function veilOf(facts: StageFacts): Veil {
  if (facts.mode !== 'replay') {
    if (facts.state === 'ended') return 'ended';
    if (facts.state === 'scheduled') return 'waiting';
  }
  if (facts.flowing || facts.rests) return null;
  if (!facts.online) return 'offline';
  if (facts.hubAway) return 'hub-away';
  if (facts.state === 'interrupted') return 'host-away';
  return facts.late ? 'picture-late' : 'loading';
}
