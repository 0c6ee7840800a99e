export type PlaybackMode = 'waiting' | 'webrtc' | 'hls' | 'replay';
/** `auto` takes the quickest way that works; `saving` the one that needs the least of a weak line. */
export type PlaybackWish = 'auto' | 'saving';

/** WebRTC that failed so often in a row is left alone for this page. */
export const WEBRTC_TRIES = 2;

/** How a broadcast is played now. */
export function choosePlayback(facts: {
  state: 'scheduled' | 'live' | 'interrupted' | 'ended' | 'replay';
  wish: PlaybackWish;
  /** The browser can receive what the room sends. */
  canWebRtc: boolean;
  webRtcFailures: number;
}): PlaybackMode {
  if (facts.state === 'replay') return 'replay';
  if (facts.state === 'scheduled' || facts.state === 'ended') return 'waiting';
  const tryWebRtc = facts.wish === 'auto' && facts.canWebRtc && facts.webRtcFailures < WEBRTC_TRIES;
  return tryWebRtc ? 'webrtc' : 'hls';
}

const KEY = 'xiangbo_playback';

/** What this reader chose last; `auto` where nothing is kept. */
export function readWish(): PlaybackWish {
  try {
    return localStorage.getItem(KEY) === 'saving' ? 'saving' : 'auto';
  } catch (error) {
    console.info('This browser keeps nothing between pages', error);
    return 'auto';
  }
}

export function keepWish(wish: PlaybackWish): void {
  try {
    localStorage.setItem(KEY, wish);
  } catch (error) {
    console.info('This browser keeps nothing between pages', error);
  }
}
