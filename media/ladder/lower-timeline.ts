import type { LowerRendition, Recording } from '../recording/contract.ts';
import type { Timeline } from '../hls/timeline.ts';

/**
 * The timeline of a lower rendition from what is recorded: the source's, and instead of its inits and segments the smaller
 * ones where there are any. So it has the same numbers, times and discontinuities, and no holes.
 */
export function lowerTimeline(
  source: Timeline,
  lower: Recording['lower'],
  rendition: LowerRendition,
): Timeline {
  const own = <T extends { rendition?: LowerRendition }>(records: readonly T[] = []) =>
    records.filter((record) => record.rendition === rendition);
  const segments = new Map(own(lower?.segments).map((segment) => [segment.sequence, segment]));
  return {
    ...source,
    inits: [...source.inits, ...own(lower?.inits)].sort((a, b) => a.initIndex - b.initIndex),
    segments: source.segments.map((segment) => segments.get(segment.sequence) ?? segment),
    recentParts: new Map(),
  };
}

/** The renditions of which anything is recorded, the larger first. */
export function recordedRenditions(lower: Recording['lower']): LowerRendition[] {
  const names = new Set((lower?.segments ?? []).flatMap(({ rendition }) => rendition ?? []));
  return [...names].sort((a, b) => linesOf(b) - linesOf(a));
}

export const linesOf = (rendition: LowerRendition) => Number.parseInt(rendition, 10);
