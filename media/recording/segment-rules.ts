/** Keyframes closer than this (two viewers joined at once) do not make a segment of their own. */
const SHORTEST_SEGMENT_MS = 500;

/**
 * Whether a fragment begins a new segment: at a keyframe, and without one before the segment outgrows what
 * EXT-X-TARGETDURATION promises. `openMs` is the length of the segment so far, null while none is open.
 */
export function beginsSegment(facts: {
  openMs: number | null;
  keyframe: boolean;
  fragmentMs: number;
  targetSeconds: number;
}): boolean {
  if (facts.openMs === null) return true;
  if (facts.keyframe) return facts.openMs >= SHORTEST_SEGMENT_MS;
  return facts.openMs + facts.fragmentMs > facts.targetSeconds * 1000 + 400;
}
