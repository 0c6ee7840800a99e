import type { InitRecord, SegmentRecord } from '../recording/contract.ts';
import { initName, partName, playlistName, RENDITIONS, segmentName, type Rendition } from './names.ts';
import { lastListed, type PartRecord, type Timeline } from './timeline.ts';

/** Playlists as text, by draft-pantos-hls-rfc8216bis. Pure. */

const seconds = (ms: number) => (ms / 1000).toFixed(5);
const plain = (value: number) => String(Math.round(value * 1000) / 1000);

/** Most that a segment of sound takes: AAC at 96 kbit/s in short fragments. Bits a second. */
const SOUND_PEAK = 170_000;
const SOUND_AVERAGE = 132_000;
const SOUND_CODEC = 'mp4a.40.2';

/**
 * The variants, the best first. `folderUri` is where the media playlists are served, with its final `/`. `only` leaves
 * out the others: hls.js takes an audio-only variant for a fallback and never plays it beside one with a picture.
 */
export function renderMaster(options: {
  init: InitRecord;
  segments: readonly SegmentRecord[];
  folderUri: string;
  only?: Rendition;
}): string {
  const { init, segments, folderUri, only } = options;
  const { peak, average } = measureVariant(segments);
  const variants: Record<Rendition, string> = {
    source: `BANDWIDTH=${peak},AVERAGE-BANDWIDTH=${average},CODECS="${init.codecs}",RESOLUTION=${init.width}x${init.height}`,
    sound: `BANDWIDTH=${SOUND_PEAK},AVERAGE-BANDWIDTH=${SOUND_AVERAGE},CODECS="${SOUND_CODEC}"`,
  };
  const listed = RENDITIONS.filter((rendition) => only === undefined || only === rendition);
  return [
    ...['#EXTM3U', '#EXT-X-VERSION:9', '#EXT-X-INDEPENDENT-SEGMENTS'],
    ...listed.flatMap((one) => [`#EXT-X-STREAM-INF:${variants[one]}`, folderUri + playlistName(one)]),
    '',
  ].join('\n');
}

/** Bit rates of the recorded segments of the last hour, plausible ones while there is none. Bits a second. */
export function measureVariant(segments: readonly SegmentRecord[]): {
  peak: number;
  average: number;
} {
  const recent = segments.filter(({ durationMs }) => durationMs >= 500).slice(-1800);
  if (recent.length === 0) return { peak: 2_000_000, average: 1_000_000 };
  const bits = recent.reduce((sum, { byteLength }) => sum + byteLength * 8, 0);
  const ms = recent.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const peak = Math.max(...recent.map((s) => (s.byteLength * 8000) / s.durationMs));
  return { peak: Math.ceil(peak), average: Math.ceil((bits * 1000) / ms) };
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
export function renderMedia(
  timeline: Timeline,
  options: { skip?: boolean; rendition?: Rendition } = {},
): string {
  const { rendition = 'source' } = options;
  const map = (initIndex: number) => `#EXT-X-MAP:URI="${initName(initIndex, rendition)}"`;
  const epochChange = (from: number | null, to: number) =>
    from === to ? [] : [...(from === null ? [] : ['#EXT-X-DISCONTINUITY']), map(to)];
  const partLine = (part: PartRecord) => renderPart(part, rendition);
  const live = !timeline.ended;
  const skipped = live && options.skip ? skippableSegments(timeline) : 0;
  const lines = [...renderHead(timeline)];
  if (skipped > 0) lines.push(`#EXT-X-SKIP:SKIPPED-SEGMENTS=${skipped}`);
  let initIndex = skipped > 0 ? (timeline.segments[skipped - 1]?.initIndex ?? null) : null;
  if (initIndex !== null && timeline.segments[skipped]?.initIndex === initIndex) lines.push(map(initIndex));
  for (const segment of timeline.segments.slice(skipped)) {
    lines.push(...epochChange(initIndex, segment.initIndex));
    initIndex = segment.initIndex;
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${segment.programDateTime}`);
    if (live) lines.push(...(timeline.recentParts.get(segment.sequence) ?? []).map(partLine));
    lines.push(`#EXTINF:${seconds(segment.durationMs)},`, segmentName(segment.sequence, rendition));
  }
  if (live)
    lines.push(
      ...renderOpen(timeline, { initIndex, epochChange, rendition }),
      ...renderReports(timeline, rendition),
    );
  else lines.push('#EXT-X-ENDLIST');
  return [...lines, ''].join('\n');
}

function renderHead(timeline: Timeline): string[] {
  const head = ['#EXTM3U', '#EXT-X-VERSION:9', `#EXT-X-TARGETDURATION:${timeline.targetSeconds}`];
  if (timeline.ended) {
    head.push('#EXT-X-PLAYLIST-TYPE:VOD');
    if (timeline.startMs) head.push(`#EXT-X-START:TIME-OFFSET=${seconds(timeline.startMs)},PRECISE=YES`);
  } else {
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

function renderPart(part: PartRecord, rendition: Rendition): string {
  // Sound can be decoded from anywhere.
  const independent = part.independent || rendition === 'sound' ? ',INDEPENDENT=YES' : '';
  return `#EXT-X-PART:DURATION=${seconds(part.durationMs)},URI="${partName(part, rendition)}"${independent}`;
}

function renderOpen(
  { open, hint }: Timeline,
  how: {
    initIndex: number | null;
    rendition: Rendition;
    epochChange: (from: number | null, to: number) => string[];
  },
): string[] {
  const { initIndex, rendition, epochChange } = how;
  const lines: string[] = [];
  if (open) {
    lines.push(...epochChange(initIndex, open.initIndex));
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${open.programDateTime}`);
    lines.push(...open.parts.map((part) => renderPart(part, rendition)));
  } else if (initIndex !== null && hint?.initIndex !== initIndex) {
    // What comes next is of another epoch: players that are not told before take the segment to come for one of this.
    lines.push(...(hint ? epochChange(initIndex, hint.initIndex) : ['#EXT-X-DISCONTINUITY']));
  }
  if (hint) lines.push(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${partName(hint, rendition)}"`);
  return lines;
}

/** How far the other renditions are, so that a player that changes over knows what to ask for. */
function renderReports(timeline: Timeline, rendition: Rendition): string[] {
  const last = lastListed(timeline);
  if (!last) return [];
  const at = `LAST-MSN=${last.sequence}${last.part === null ? '' : `,LAST-PART=${last.part}`}`;
  return RENDITIONS.filter((other) => other !== rendition).map(
    (other) => `#EXT-X-RENDITION-REPORT:URI="${playlistName(other)}",${at}`,
  );
}
