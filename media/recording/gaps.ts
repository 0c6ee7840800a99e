import type { SegmentRecord } from './contract.ts';
import { segmentsWithin, type Span } from './span.ts';

/** Time of a broadcast of which nothing is recorded. */
export interface RecordingGap {
  /** Where in the replay it lies. */
  atMs: number;
  /** How long nothing was recorded. */
  missingMs: number;
}

/** A new run of the muxer joins within this; nobody missed anything. */
const SHORTEST_MS = 500;

/** The gaps inside a recording, or inside a span of it; segments are in order. */
export function findGaps(segments: readonly SegmentRecord[], span?: Span): RecordingGap[] {
  const within = segmentsWithin(segments, span);
  const gaps: RecordingGap[] = [];
  let atMs = within.firstMs - (span?.startMs ?? 0);
  let endsMs: number | null = null;
  for (const { programDateTime, durationMs } of within.segments) {
    const startsMs = Date.parse(programDateTime);
    const missingMs = endsMs === null ? 0 : startsMs - endsMs;
    if (missingMs >= SHORTEST_MS) gaps.push({ atMs, missingMs });
    endsMs = startsMs + durationMs;
    atMs += durationMs;
  }
  return gaps;
}
