import { unionOf, type Span } from '../../../courses/model/intervals.ts';

/** What a report carries to the hub. */
export interface SeenReport {
  spans: Span[];
  position: number;
  speed: number;
  /** The language that is shown, or `off`; left out where there is nothing to choose. */
  captions?: string;
}

/** Larger steps between two looks are jumps, not play, in seconds at normal speed. */
const LARGEST_STEP_SECONDS = 2.5;
const EVERY_MS = 10_000;

/**
 * Watches a video element play and tells what was played every ten seconds, when it stops and when the page goes. What
 * could not be told is told with the next report.
 */
export function recordSeen(
  video: HTMLVideoElement,
  send: (report: SeenReport, leaving: boolean) => Promise<boolean>,
): () => void {
  let spans: Span[] = [];
  let last: number | undefined;
  let sending = false;

  function look(): void {
    const now = video.currentTime;
    if (last !== undefined && !video.seeking) {
      const step = now - last;
      if (step > 0 && step <= LARGEST_STEP_SECONDS * Math.max(1, video.playbackRate))
        spans = unionOf([...spans, [last, now]]);
    }
    last = video.seeking ? undefined : now;
  }

  async function tell(leaving = false): Promise<void> {
    if (spans.length === 0 || (sending && !leaving)) return;
    const told = spans;
    spans = [];
    sending = true;
    try {
      const taken = await send({ spans: told, position: video.currentTime, ...habitsOf(video) }, leaving);
      if (!taken) spans = unionOf([...told, ...spans]);
    } finally {
      sending = false;
    }
  }

  const stopped = () => {
    look();
    void tell();
  };
  const leaving = () => {
    look();
    void tell(true);
  };
  const jumped = () => (last = undefined);
  const heard: [string, () => void][] = [
    ['timeupdate', look],
    ['seeking', jumped],
    ['seeked', look],
    ['pause', stopped],
    ['ended', stopped],
  ];
  for (const [name, hear] of heard) video.addEventListener(name, hear);
  window.addEventListener('pagehide', leaving);
  const timer = setInterval(() => void tell(), EVERY_MS);
  return () => {
    clearInterval(timer);
    for (const [name, hear] of heard) video.removeEventListener(name, hear);
    window.removeEventListener('pagehide', leaving);
    leaving();
  };
}

function habitsOf(video: HTMLVideoElement): Pick<SeenReport, 'speed' | 'captions'> {
  const speed = video.playbackRate;
  const tracks = [...video.textTracks];
  if (tracks.length === 0) return { speed };
  return { speed, captions: tracks.find((track) => track.mode === 'showing')?.language ?? 'off' };
}
