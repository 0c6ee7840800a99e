import { addressOf } from './rendition-address.ts';
import { bufferedAhead, type HlsOptions, type HlsPlayer } from './hls-contract.ts';
import { retryPauseMs } from './retry-pause.ts';
import { secondsAt, type Stretch } from './timeline.ts';

type AppleVideo = HTMLVideoElement & { getStartDate?: () => Date };

/** What the system's player keeps from the end of what it offers. */
const NEAR_EDGE_SECONDS = 1;

/** iPhones without Media Source: the system's own player takes the same address. */
export async function openNativeHls(video: HTMLVideoElement, options: HlsOptions): Promise<HlsPlayer> {
  const { live } = options;
  let again: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let closed = false;
  let follows = live && options.startAtMs === undefined && options.startAtSeconds === undefined;
  /** Where to go on after the address was loaded (again). */
  let wantedMs = options.startAtMs;
  let wantedSeconds = options.startAtSeconds;

  async function load(): Promise<void> {
    const url = await addressOf(options);
    if (closed) return;
    video.src = url;
    video.load();
  }
  function retry(): void {
    clearTimeout(again);
    if (!follows && video.currentTime > 0) wantedSeconds = video.currentTime;
    options.onTrouble(true);
    again = setTimeout(() => void load(), retryPauseMs(failures, Math.random()));
    failures += 1;
  }
  function loaded(): void {
    if (failures > 0) options.onTrouble(false);
    failures = 0;
    const seconds = wantedMs === undefined ? wantedSeconds : secondsAt(stretches(), wantedMs);
    wantedMs = wantedSeconds = undefined;
    if (seconds !== undefined) video.currentTime = seconds;
  }
  const waits = () => options.onStall();
  const listeners = { error: retry, loadedmetadata: loaded, waiting: waits } as const;
  for (const [name, hear] of Object.entries(listeners)) video.addEventListener(name, hear);

  function stretches(): Stretch[] {
    const { seekable } = video;
    if (seekable.length === 0) return [];
    // Safari tells the wall clock of the stream's start (EXT-X-PROGRAM-DATE-TIME); of holes it says nothing.
    const start = (video as AppleVideo).getStartDate?.().getTime();
    const startSeconds = seekable.start(0);
    const startedAtMs = start ? start + startSeconds * 1000 : undefined;
    return [{ startSeconds, endSeconds: seekable.end(seekable.length - 1), startedAtMs }];
  }
  const edge = () => stretches()[0]?.endSeconds;

  await load();
  return {
    stretches,
    secondsBehind() {
      const end = edge();
      return live && end !== undefined ? Math.max(0, end - video.currentTime) : undefined;
    },
    follow(wanted) {
      follows = wanted && live;
      const end = edge();
      if (follows && end !== undefined) video.currentTime = Math.max(0, end - NEAR_EDGE_SECONDS);
    },
    get follows() {
      return follows;
    },
    seek(seconds) {
      follows = false;
      video.currentTime = seconds;
    },
    line: () => ({ carries: undefined, needs: undefined, bufferedSeconds: bufferedAhead(video) }),
    close() {
      closed = true;
      clearTimeout(again);
      for (const [name, hear] of Object.entries(listeners)) video.removeEventListener(name, hear);
      video.removeAttribute('src');
      video.load();
    },
  };
}
