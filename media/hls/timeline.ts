import type { InitRecord, LowerRendition, SegmentRecord } from '../recording/contract.ts';

/** A part of LL-HLS: whole fragments within one segment. */
export interface PartRecord {
  /** Absent: the source itself. */
  rendition?: LowerRendition;
  /** Its name is `part-<initIndex>-<index>.m4s`; numbered through an epoch, so that the next one's name is known. */
  initIndex: number;
  index: number;
  durationMs: number;
  independent: boolean;
}

export interface OpenSegment {
  /** Absent: the source itself. */
  rendition?: LowerRendition;
  sequence: number;
  initIndex: number;
  programDateTime: string;
  parts: PartRecord[];
}

/**
 * All that the playlists of a broadcast are made from. Plain data; `segments` are in order without holes. That of a lower
 * rendition names the source's init and segment where it has none of its own.
 */
export interface Timeline {
  inits: InitRecord[];
  segments: SegmentRecord[];
  /** The parts of closed segments that are still listed as parts, by media sequence number: all, as long as they last. */
  recentParts: Map<number, PartRecord[]>;
  open: OpenSegment | null;
  /** Name of the part to come, while one is to come. */
  hint: { rendition?: LowerRendition; initIndex: number; index: number } | null;
  ended: boolean;
  /** Where an ended one begins to play, milliseconds from its first segment. */
  startMs?: number;
  /** EXT-X-TARGETDURATION in seconds; fixed for the broadcast's life. */
  targetSeconds: number;
  /** PART-TARGET in seconds; an epoch of another source may have another. */
  partSeconds: number;
}

/** Sequence number that follows all that is listed. */
export function nextSequence(timeline: Timeline): number {
  return timeline.open ? timeline.open.sequence + 1 : (timeline.segments.at(-1)?.sequence ?? -1) + 1;
}

/** The last segment that is listed, whole or begun, and its last part where parts of it are. */
export function lastListed(timeline: Timeline): { sequence: number; part: number | null } | null {
  const { open, segments, recentParts } = timeline;
  if (open && open.parts.length > 0) return { sequence: open.sequence, part: open.parts.length - 1 };
  const last = segments.at(-1);
  if (!last) return null;
  const parts = recentParts.get(last.sequence)?.length ?? 0;
  return { sequence: last.sequence, part: parts > 0 ? parts - 1 : null };
}

/** Longest segment that a broadcast with these settings makes, rounded as RFC 8216 4.3.3.1 asks. */
export function targetSeconds(segmentSeconds: number, segments: readonly SegmentRecord[]): number {
  const longest = segments.reduce((max, { durationMs }) => Math.max(max, Math.round(durationMs / 1000)), 0);
  return Math.max(Math.ceil(segmentSeconds) + 1, longest);
}
