import type { Timeline } from './timeline.ts';

/** When the last frame was taken that HLS lists, in milliseconds since 1970; null while nothing is listed. */
export function liveEdgeMs({ open, segments }: Timeline): number | null {
  if (open && open.parts.length > 0)
    return Date.parse(open.programDateTime) + open.parts.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const last = segments.at(-1);
  return last ? Date.parse(last.programDateTime) + last.durationMs : null;
}
