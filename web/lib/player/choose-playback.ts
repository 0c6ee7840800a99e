export type PlaybackMode = 'waiting' | 'webrtc' | 'hls' | 'replay';
/**
 * `auto` takes the quickest way that works; `saving` the one that needs the least of a weak line; `sound` leaves the
 * picture out; `480p` is that rendition and no other.
 */
export type PlaybackWish = 'auto' | 'saving' | 'sound' | `${number}p`;

/** How a broadcast is played now. */
export function choosePlayback(facts: {
  state: 'scheduled' | 'live' | 'interrupted' | 'ended' | 'replay';
  wish: PlaybackWish;
  /** The browser can receive what the room sends, and it has not failed too often. */
  canWebRtc: boolean;
  /** The reader looks at something that was before: only HLS keeps it. */
  lookingBack: boolean;
}): PlaybackMode {
  if (facts.state === 'replay') return 'replay';
  if (facts.state === 'scheduled' || facts.state === 'ended') return 'waiting';
  return facts.wish === 'auto' && facts.canWebRtc && !facts.lookingBack ? 'webrtc' : 'hls';
}

const KEY = 'xiangbo_playback';
const WISH = /^(?:auto|saving|sound|\d{2,4}p)$/;

/** What this reader chose last; `auto` where nothing is kept. */
export function readWish(): PlaybackWish {
  try {
    const kept = localStorage.getItem(KEY) ?? '';
    return WISH.test(kept) ? (kept as PlaybackWish) : 'auto';
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
