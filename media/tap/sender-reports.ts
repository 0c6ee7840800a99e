import type { Producer, ProducerTraceEventData } from 'mediasoup/types';
import type { SenderReport } from './stream-clock.ts';

/**
 * Whether what its reports say of time holds for sound and picture alike. A browser's does. An ffmpeg on this machine
 * starts each stream's count when it opens that stream, and sends both from one clock anyway.
 */
export function reportsTime({ appData }: Pick<Producer, 'appData'>): boolean {
  return appData.fromBrowser === true;
}

/** Null for any other event of the producer. */
export function readSenderReport({ type, info }: ProducerTraceEventData): SenderReport | null {
  if (type !== 'sr') return null;
  const { ntpSec, ntpFrac, rtpTs } = info as { ntpSec: number; ntpFrac: number; rtpTs: number };
  return { timestamp: rtpTs, ntpMs: ntpSec * 1000 + (ntpFrac * 1000) / 2 ** 32, arrivedAt: Date.now() };
}
