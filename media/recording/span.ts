import type { SegmentRecord } from './contract.ts';

/** Part of a recording, in milliseconds of recorded time. */
export interface Span {
  startMs: number;
  endMs: number;
}

/** The segments that a span touches, and where the first of them begins. */
export function segmentsWithin(
  segments: readonly SegmentRecord[],
  span: Span | undefined,
): { segments: SegmentRecord[]; firstMs: number } {
  let atMs = 0;
  let firstMs: number | null = null;
  const within: SegmentRecord[] = [];
  for (const segment of segments) {
    const endMs = atMs + segment.durationMs;
    if (!span || (endMs > span.startMs && atMs < span.endMs)) {
      firstMs ??= atMs;
      within.push(segment);
    }
    atMs = endMs;
  }
  return { segments: within, firstMs: firstMs ?? 0 };
}
