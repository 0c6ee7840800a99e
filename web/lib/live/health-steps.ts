import type { HealthNews } from '../../../server/broadcasts/messages.ts';

export type HealthStep = 'steady' | 'weak' | 'poor';
/** What is wrong first and most, with the figure that says so. */
export type HealthCause = 'loss' | 'keyframes' | 'bitrate' | 'delay';

/** From which figure on a stream is weak, and from which it is poor. */
const LIMITS: Record<HealthCause, { weak: number; poor: number; rises: boolean }> = {
  /** Share of packets; the first losses are made good by sending again. */
  loss: { weak: 0.03, poor: 0.1, rises: true },
  /** Milliseconds between keyframes: whoever comes waits for one. The hub asks browsers every 2 s. */
  keyframes: { weak: 4_500, poor: 10_000, rises: true },
  /** Bits a second of the picture, below which it is a blur; a small or quiet one needs little. */
  bitrate: { weak: 100_000, poor: 40_000, rises: false },
  /** Milliseconds that HLS is behind. */
  delay: { weak: 3_000, poor: 6_000, rises: true },
};
const ORDER = ['loss', 'bitrate', 'keyframes', 'delay'] as const;

export interface HealthReading {
  bitsPerSecond: number;
  lossShare: number;
  keyframeIntervalMs: number | null;
  viewers: HealthNews['viewers'];
  hlsBehindMs: number | null;
}

/** The figures that a host is shown: of the pictures that are not paused, the worst. */
export function readHealth({ streams, viewers, hlsBehindMs }: HealthNews): HealthReading {
  const pictures = streams.filter(({ kind, paused }) => kind === 'video' && !paused);
  const intervals = pictures.flatMap(({ keyframeIntervalMs }) => keyframeIntervalMs ?? []);
  return {
    bitsPerSecond: streams.reduce((sum, { bitsPerSecond }) => sum + bitsPerSecond, 0),
    lossShare: Math.max(0, ...streams.map(({ lossShare }) => lossShare)),
    keyframeIntervalMs: intervals.length > 0 ? Math.max(...intervals) : null,
    viewers,
    hlsBehindMs,
  };
}

/** How a broadcast fares in three steps, and why where it is not well. */
export function stepOf(news: HealthNews): { step: HealthStep; cause: HealthCause | null } {
  const pictures = news.streams.filter(({ kind, paused }) => kind === 'video' && !paused);
  const reading = readHealth(news);
  const figures: Record<HealthCause, number | null> = {
    loss: reading.lossShare,
    bitrate: pictures.length > 0 ? Math.min(...pictures.map(({ bitsPerSecond }) => bitsPerSecond)) : null,
    keyframes: reading.keyframeIntervalMs,
    delay: reading.hlsBehindMs,
  };
  for (const step of ['poor', 'weak'] as const)
    for (const cause of ORDER) if (isBeyond(cause, figures[cause], step)) return { step, cause };
  return { step: 'steady', cause: null };
}

function isBeyond(cause: HealthCause, figure: number | null, step: 'weak' | 'poor'): boolean {
  if (figure === null) return false;
  const limits = LIMITS[cause];
  return limits.rises ? figure >= limits[step] : figure < limits[step];
}
