import type Hls from 'hls.js/light';
import {
  calmMsAfter,
  catchUpRate,
  isTooFarBehind,
  TARGET_SECONDS,
  targetAfterCalm,
  targetAfterStall,
  targetForParts,
} from './catch-up.ts';
import { bufferedAhead, type HlsLine, type HlsOptions, type HlsPlayer } from './hls-contract.ts';
import { addressOf } from './rendition-address.ts';
import { retryPauseMs } from './retry-pause.ts';
import { secondsAt, stretchesOf, type Stretch } from './timeline.ts';

const STEP_MS = 200;
/** After so many tries the master playlist is asked for again: the addresses below it may have changed. */
const TRIES_BELOW_MASTER = 2;
/** After the parts grew longer, a stall this soon is the waiting for the first of them, not the line's. */
const SETTLE_MS = 1_500;

/** hls.js, kept going through every fault, and kept near the live edge by a catch-up of our own. */
export async function openHlsJs(
  HlsJs: typeof Hls,
  video: HTMLVideoElement,
  options: HlsOptions,
): Promise<HlsPlayer> {
  const { live, wish } = options;
  const asked = wish === 'auto' ? TARGET_SECONDS.auto : TARGET_SECONDS.saving;
  /** What the reader asks for, and what the line's stalls added. */
  let wanted: number = asked;
  let stalls = 0;
  let calmSince = performance.now();
  let partTarget = 0;
  let partsGrewAt = -Infinity;
  const target = () => targetForParts(wanted, partTarget);
  let follows = live && options.startAtMs === undefined && options.startAtSeconds === undefined;
  let failures = 0;
  let again: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  let wantedMs = options.startAtMs;
  const hls = new HlsJs({
    lowLatencyMode: live,
    // Our own catch-up below needs less buffer than hls.js's.
    liveSyncDuration: live ? target() : undefined,
    maxLiveSyncPlaybackRate: 1,
    liveSyncOnStallIncrease: 0,
    backBufferLength: 30,
    maxBufferLength: live ? 10 : 30,
    maxMaxBufferLength: 60,
    startPosition: options.startAtSeconds ?? -1,
  });

  hls.on(HlsJs.Events.ERROR, (_, { fatal, type, details }) => {
    if (details === HlsJs.ErrorDetails.BUFFER_STALLED_ERROR) stalled();
    if (!fatal) return;
    if (type === HlsJs.ErrorTypes.MEDIA_ERROR) hls.recoverMediaError();
    else tryAgain();
  });
  hls.on(HlsJs.Events.FRAG_BUFFERED, recovered);
  hls.on(HlsJs.Events.MANIFEST_PARSED, () => {
    if (wish === 'saving') hls.autoLevelCapping = 0;
  });
  hls.on(HlsJs.Events.LEVEL_UPDATED, (_, { details }) => {
    if (!live || details.partTarget === partTarget) return;
    if (partTarget > 0 && details.partTarget > partTarget) partsGrewAt = performance.now();
    partTarget = details.partTarget;
    hls.config.liveSyncDuration = target();
  });
  hls.on(HlsJs.Events.LEVEL_LOADED, (_, { details }) => {
    if (wantedMs === undefined) return;
    const position = secondsAt(stretchesOf(details.fragments), wantedMs);
    wantedMs = undefined;
    if (position !== undefined) beginAt(position);
  });

  /** hls.js is already fetching the live edge. Begun anew in the same turn, it waits for ever for what it dropped. */
  function beginAt(position: number): void {
    hls.stopLoad();
    setTimeout(() => {
      if (!closed) hls.startLoad(position);
    });
  }

  function stalled(): void {
    if (performance.now() - partsGrewAt < SETTLE_MS) return;
    options.onStall();
    if (!follows) return;
    stalls += 1;
    calmSince = performance.now();
    aimAt(targetAfterStall(wanted));
  }
  function aimAt(seconds: number): void {
    wanted = seconds;
    hls.config.liveSyncDuration = target();
  }
  /** The hub restarts, or the line is gone: the same address will answer again. */
  function tryAgain(): void {
    clearTimeout(again);
    options.onTrouble(true);
    again = setTimeout(
      () => {
        const position = follows ? -1 : video.currentTime;
        if (hls.levels.length > 0 && failures % (TRIES_BELOW_MASTER + 1) > 0) return hls.startLoad(position);
        hls.config.startPosition = position;
        void load();
      },
      retryPauseMs(failures, Math.random()),
    );
    failures += 1;
  }
  function recovered(): void {
    if (failures === 0) return;
    failures = 0;
    options.onTrouble(false);
  }
  /** hls.js calls a broken decode harmless and freezes. */
  const mend = () => hls.recoverMediaError();
  video.addEventListener('error', mend);

  const steps = live ? setInterval(step, STEP_MS) : undefined;
  function step(): void {
    const latencySeconds = hls.latency;
    if (!follows || video.paused || latencySeconds === 0 || video.buffered.length === 0) return;
    if (wanted > asked && performance.now() - calmSince > calmMsAfter(stalls)) {
      calmSince = performance.now();
      aimAt(targetAfterCalm(wanted, asked));
    }
    const bufferedSeconds = bufferedAhead(video);
    video.playbackRate = catchUpRate({ latencySeconds, bufferedSeconds, targetSeconds: target() });
    if (isTooFarBehind(latencySeconds, target())) toEdge();
  }
  function toEdge(): void {
    if (hls.liveSyncPosition !== null) video.currentTime = hls.liveSyncPosition;
  }

  async function load(): Promise<void> {
    const url = await addressOf(options);
    if (!closed) hls.loadSource(url);
  }
  hls.attachMedia(video);
  await load();
  return {
    stretches: (): Stretch[] => stretchesOf(piecesOf(hls)),
    secondsBehind: () => (live && hls.latency > 0 ? hls.latency : undefined),
    follow(follow) {
      follows = follow && live;
      if (follows) toEdge();
      else video.playbackRate = 1;
    },
    get follows() {
      return follows;
    },
    seek(seconds) {
      follows = false;
      video.playbackRate = 1;
      video.currentTime = seconds;
    },
    line: (): HlsLine => ({
      // Until something was measured it is hls.js's guess.
      carries: hls.bandwidthEstimate > 0 ? hls.bandwidthEstimate : undefined,
      needs: hls.levels[hls.currentLevel]?.bitrate,
      bufferedSeconds: bufferedAhead(video),
    }),
    close() {
      closed = true;
      clearTimeout(again);
      clearInterval(steps);
      video.removeEventListener('error', mend);
      video.playbackRate = 1;
      hls.destroy();
    },
  };
}

function piecesOf(hls: Hls) {
  const details = hls.latestLevelDetails;
  if (!details) return [];
  // The segment that is being written is not among the others yet.
  const open = details.partList?.length ? details.fragmentHint : undefined;
  return open ? [...details.fragments, open] : details.fragments;
}
