import type { InitRecord, SegmentRecord } from '../recording/contract.ts';
import { initName, partName, segmentName } from './names.ts';
import type { PartRecord, Timeline } from './timeline.ts';

/** Playlists as text, by draft-pantos-hls-rfc8216bis. Pure. */

const seconds = (ms: number) => (ms / 1000).toFixed(5);
const plain = (value: number) => String(Math.round(value * 1000) / 1000);

/** One variant. `bandwidth` in bits a second is the peak over a segment. */
export function renderMaster(options: { init: InitRecord; bandwidth: number; mediaUri: string }): string {
  const { init, bandwidth, mediaUri } = options;
  const variant = `BANDWIDTH=${bandwidth},CODECS="${init.codecs}",RESOLUTION=${init.width}x${init.height}`;
  return ['#EXTM3U', '#EXT-X-VERSION:9', `#EXT-X-STREAM-INF:${variant}`, mediaUri, ''].join('\n');
}

/** Peak bit rate of the recorded segments, a plausible one while there is none. */
export function peakBandwidth(segments: readonly SegmentRecord[]): number {
  const rates = segments
    .filter(({ durationMs }) => durationMs >= 500)
    .map((s) => (s.byteLength * 8000) / s.durationMs);
  return rates.length > 0 ? Math.ceil(Math.max(...rates.slice(-1800))) : 2_000_000;
}

/** Older segments can be skipped in updates: the draft wants at least six target durations. */
export function skipBoundarySeconds(timeline: Timeline): number {
  return timeline.targetSeconds * 6;
}

/** How many segments a delta update leaves out; 0 means that it is a full playlist. */
export function skippableSegments(timeline: Timeline): number {
  let budgetMs = skipBoundarySeconds(timeline) * 1000;
  let keep = 0;
  for (let at = timeline.segments.length - 1; at >= 0 && budgetMs > 0; at -= 1, keep += 1) {
    budgetMs -= timeline.segments[at]!.durationMs;
  }
  return timeline.segments.length - keep;
}

/** The low-latency playlist while live, the VOD playlist of the same segments once ended. */
export function renderMedia(timeline: Timeline, options: { skip?: boolean } = {}): string {
  const live = !timeline.ended;
  const skipped = live && options.skip ? skippableSegments(timeline) : 0;
  const lines = [...renderHead(timeline)];
  if (skipped > 0) lines.push(`#EXT-X-SKIP:SKIPPED-SEGMENTS=${skipped}`);
  let initIndex = skipped > 0 ? (timeline.segments[skipped - 1]?.initIndex ?? null) : null;
  if (initIndex !== null && timeline.segments[skipped]?.initIndex === initIndex) lines.push(map(initIndex));
  for (const segment of timeline.segments.slice(skipped)) {
    lines.push(...renderEpochChange(initIndex, segment.initIndex));
    initIndex = segment.initIndex;
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${segment.programDateTime}`);
    if (live) lines.push(...(timeline.recentParts.get(segment.sequence) ?? []).map(renderPart));
    lines.push(`#EXTINF:${seconds(segment.durationMs)},`, segmentName(segment.sequence));
  }
  if (live) lines.push(...renderOpen(timeline, initIndex));
  else lines.push('#EXT-X-ENDLIST');
  return [...lines, ''].join('\n');
}

function renderHead(timeline: Timeline): string[] {
  const head = ['#EXTM3U', '#EXT-X-VERSION:9', `#EXT-X-TARGETDURATION:${timeline.targetSeconds}`];
  if (timeline.ended) head.push('#EXT-X-PLAYLIST-TYPE:VOD');
  else {
    const holdBack = `PART-HOLD-BACK=${plain(timeline.partSeconds * 3)}`;
    const skip = `CAN-SKIP-UNTIL=${plain(skipBoundarySeconds(timeline))}`;
    head.push(
      `#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,${holdBack},${skip}`,
      `#EXT-X-PART-INF:PART-TARGET=${plain(timeline.partSeconds)}`,
    );
  }
  const first = timeline.segments[0];
  head.push(`#EXT-X-MEDIA-SEQUENCE:${first?.sequence ?? timeline.open?.sequence ?? 0}`);
  const discontinuity = first?.discontinuitySequence ?? timeline.open?.initIndex ?? 0;
  if (discontinuity > 0) head.push(`#EXT-X-DISCONTINUITY-SEQUENCE:${discontinuity}`);
  return head;
}

const map = (initIndex: number) => `#EXT-X-MAP:URI="${initName(initIndex)}"`;

function renderEpochChange(from: number | null, to: number): string[] {
  if (from === to) return [];
  return from === null ? [map(to)] : ['#EXT-X-DISCONTINUITY', map(to)];
}

function renderPart(part: PartRecord): string {
  const independent = part.independent ? ',INDEPENDENT=YES' : '';
  return `#EXT-X-PART:DURATION=${seconds(part.durationMs)},URI="${partName(part)}"${independent}`;
}

function renderOpen(timeline: Timeline, initIndex: number | null): string[] {
  const { open, hint } = timeline;
  const lines: string[] = [];
  if (open) {
    lines.push(...renderEpochChange(initIndex, open.initIndex));
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${open.programDateTime}`);
    lines.push(...open.parts.map(renderPart));
  } else if (initIndex !== null && hint?.initIndex !== initIndex) {
    // What comes next is of another epoch: players that are not told before take the segment to come for one of this.
    lines.push(...(hint ? renderEpochChange(initIndex, hint.initIndex) : ['#EXT-X-DISCONTINUITY']));
  }
  if (hint) lines.push(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${partName(hint)}"`);
  return lines;
}
