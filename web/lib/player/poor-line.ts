/** A second of a line, as a player of WebRTC or HLS saw it. */
export type LineSample =
  | {
      way: 'webrtc';
      /** Of the packets of that second, 0 to 1. */
      lossShare: number;
      roundTripSeconds: number;
      /** How often the picture stood still in it. */
      freezes: number;
    }
  | {
      way: 'hls';
      /** Bits a second that the line carries and the picture needs, where known. */
      carries: number | undefined;
      needs: number | undefined;
      bufferedSeconds: number;
      stalls: number;
    };

/** What a line did so far; begins as {@link FRESH_LINE}. */
export interface LineHistory {
  /** Seconds of trouble that weigh now; a good second takes half of one away. */
  trouble: number;
  /** Of HLS, a moment ago. */
  bufferedSeconds: number | undefined;
}

export const FRESH_LINE: LineHistory = { trouble: 0, bufferedSeconds: undefined };

/** Loss that retransmission no longer hides; a way that retransmission itself is too slow on. */
const POOR_LOSS_SHARE = 0.06;
const POOR_ROUND_TRIP_SECONDS = 0.6;
/** A line that carries little more than the picture needs has nothing left for a bad second. */
const HEADROOM = 1.15;
/** A buffer that shrinks by more than a part a second and is empty so soon will not last. */
const SHRINKS_SECONDS = 0.4;
const SOON_SECONDS = 4;
const ENOUGH = 3;
const MOST = 6;

/** How bad a second was: 0 good, 1 the picture will break if it goes on, 2 it is breaking. */
export function troubleOf(sample: LineSample, before: LineHistory): 0 | 1 | 2 {
  if (sample.way === 'webrtc') {
    if (sample.freezes > 0 && sample.lossShare > 0) return 2;
    return sample.lossShare > POOR_LOSS_SHARE || sample.roundTripSeconds > POOR_ROUND_TRIP_SECONDS ? 1 : 0;
  }
  if (sample.stalls > 0) return 2;
  const { carries, needs, bufferedSeconds } = sample;
  if (carries !== undefined && needs !== undefined && carries < needs * HEADROOM) return 1;
  const shrunkBy = (before.bufferedSeconds ?? bufferedSeconds) - bufferedSeconds;
  return shrunkBy > SHRINKS_SECONDS && bufferedSeconds / shrunkBy < SOON_SECONDS ? 1 : 0;
}

export function afterSecond(before: LineHistory, sample: LineSample): LineHistory {
  const trouble = troubleOf(sample, before);
  const weighs = trouble === 0 ? before.trouble - 0.5 : before.trouble + trouble;
  return {
    trouble: Math.min(MOST, Math.max(0, weighs)),
    bufferedSeconds: sample.way === 'hls' ? sample.bufferedSeconds : undefined,
  };
}

/** It is time to offer the sound alone. */
export function isPoorLine({ trouble }: LineHistory): boolean {
  return trouble >= ENOUGH;
}
