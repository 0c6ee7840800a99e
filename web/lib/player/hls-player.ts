import type Hls from 'hls.js/light';
import { catchUpRate, isTooFarBehind, TARGET_SECONDS, targetAfterStall } from './catch-up.ts';
import type { PlaybackWish } from './choose-playback.ts';

const STEP_MS = 200;
const AGAIN_MS = 1_000;

export interface HlsPlayer {
  /** Seconds behind the live edge, where the player can tell. */
  secondsBehind(): number | undefined;
  close(): void;
}

/** Plays a broadcast's HLS address in a video element and keeps at it through faults, until closed. */
export async function openHlsPlayer(
  video: HTMLVideoElement,
  url: string,
  options: { live: boolean; wish: PlaybackWish; onStall: () => void },
): Promise<HlsPlayer> {
  const { default: HlsJs } = await import('hls.js/light');
  if (HlsJs.isSupported()) return openHlsJs(HlsJs, video, url, options);
  return openNative(video, url);
}

function openHlsJs(
  HlsJs: typeof Hls,
  video: HTMLVideoElement,
  url: string,
  options: { live: boolean; wish: PlaybackWish; onStall: () => void },
): HlsPlayer {
  let target: number = TARGET_SECONDS[options.wish];
  const hls = new HlsJs({
    lowLatencyMode: options.live,
    // Our own catch-up below needs less buffer than hls.js's.
    liveSyncDuration: options.live ? target : undefined,
    maxLiveSyncPlaybackRate: 1,
    liveSyncOnStallIncrease: 0,
    backBufferLength: 30,
    maxBufferLength: options.live ? 10 : 30,
  });
  let again: ReturnType<typeof setTimeout> | undefined;

  hls.on(HlsJs.Events.ERROR, (_, { fatal, type, details }) => {
    if (details === HlsJs.ErrorDetails.BUFFER_STALLED_ERROR) {
      options.onStall();
      target = targetAfterStall(target);
      if (options.live) hls.config.liveSyncDuration = target;
    }
    if (!fatal) return;
    if (type === HlsJs.ErrorTypes.MEDIA_ERROR) hls.recoverMediaError();
    else tryAgain();
  });
  /** The hub restarts, or the line is gone: the same address will answer again. */
  function tryAgain(): void {
    clearTimeout(again);
    again = setTimeout(() => {
      if (hls.levels.length === 0) hls.loadSource(url);
      else hls.startLoad(options.live ? -1 : video.currentTime);
    }, AGAIN_MS);
  }
  /** hls.js calls a broken decode harmless and freezes. */
  const mend = () => hls.recoverMediaError();
  video.addEventListener('error', mend);
  const steps = options.live ? setInterval(() => step(), STEP_MS) : undefined;
  function step(): void {
    const latencySeconds = hls.latency;
    if (video.paused || latencySeconds === 0 || video.buffered.length === 0) return;
    const end = video.buffered.end(video.buffered.length - 1);
    video.playbackRate = catchUpRate({
      latencySeconds,
      bufferedSeconds: end - video.currentTime,
      targetSeconds: target,
    });
    if (isTooFarBehind(latencySeconds, target) && hls.liveSyncPosition !== null && end > hls.liveSyncPosition)
      video.currentTime = hls.liveSyncPosition;
  }
  hls.loadSource(url);
  hls.attachMedia(video);
  return {
    secondsBehind: () => (options.live && hls.latency > 0 ? hls.latency : undefined),
    close() {
      clearTimeout(again);
      clearInterval(steps);
      video.removeEventListener('error', mend);
      video.playbackRate = 1;
      hls.destroy();
    },
  };
}

/** iPhones without Media Source: the system's own player takes the same address. */
function openNative(video: HTMLVideoElement, url: string): HlsPlayer {
  let again: ReturnType<typeof setTimeout> | undefined;
  const load = () => {
    video.src = url;
    video.load();
  };
  const retry = () => {
    clearTimeout(again);
    again = setTimeout(load, AGAIN_MS);
  };
  video.addEventListener('error', retry);
  load();
  return {
    secondsBehind() {
      // Safari tells the wall clock of the stream's start (EXT-X-PROGRAM-DATE-TIME).
      const start = (video as HTMLVideoElement & { getStartDate?: () => Date }).getStartDate?.().getTime();
      return start ? Math.max(0, (Date.now() - start) / 1000 - video.currentTime) : undefined;
    },
    close() {
      clearTimeout(again);
      video.removeEventListener('error', retry);
      video.removeAttribute('src');
      video.load();
    },
  };
}
