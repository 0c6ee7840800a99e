import type { InitRecord, LowerRendition, SegmentRecord } from '../recording/contract.ts';
import { initName, partName, playlistName, segmentName, type Rendition } from './names.ts';
import { lastListed, type PartRecord, type Timeline } from './timeline.ts';

/** Playlists as text, by draft-pantos-hls-rfc8216bis. Pure. */

const seconds = (ms: number) => (ms / 1000).toFixed(5);
const plain = (value: number) => String(Math.round(value * 1000) / 1000);

/** Most that a segment of sound takes: AAC at 96 kbit/s in short fragments. Bits a second. */
const SOUND_PEAK = 170_000;
const SOUND_AVERAGE = 132_000;
const SOUND_CODEC = 'mp4a.40.2';

/** A smaller size with the segments that were made in it. */
export interface LowerVariant {
  rendition: LowerRendition;
  init: InitRecord;
  segments: readonly SegmentRecord[];
}

/**
 * The variants, the best first. `folderUri` is where the media playlists are served, with its final `/`. `only` leaves
 * out the others: hls.js takes an audio-only variant for a fallback and never plays it beside one with a picture.
 */
export function renderMaster(options: {
  init: InitRecord;
  segments: readonly SegmentRecord[];
  /** The same in smaller sizes, the larger ones first. */
  lower?: readonly LowerVariant[];
  folderUri: string;
  only?: Rendition;
  query?: string;
}): string {
  const { init, segments, lower = [], folderUri, only, query = '' } = options;
  const pictures = [{ rendition: 'source' as const, init, segments }, ...lower];
  const variants: { rendition: Rendition; attributes: string }[] = pictures.map((one) => {
    const { peak, average } = measureVariant(one.segments);
    const size = `RESOLUTION=${one.init.width}x${one.init.height}`;
    const rates = `BANDWIDTH=${peak},AVERAGE-BANDWIDTH=${average}`;
    return { rendition: one.rendition, attributes: `${rates},CODECS="${one.init.codecs}",${size}` };
  });
  const sound = `BANDWIDTH=${SOUND_PEAK},AVERAGE-BANDWIDTH=${SOUND_AVERAGE},CODECS="${SOUND_CODEC}"`;
  variants.push({ rendition: 'sound', attributes: sound });
  return [
    ...['#EXTM3U', '#EXT-X-VERSION:9', '#EXT-X-INDEPENDENT-SEGMENTS'],
    ...variants
      .filter(({ rendition }) => only === undefined || only === rendition)
      .flatMap(({ rendition, attributes }) => [
        `#EXT-X-STREAM-INF:${attributes}`,
        folderUri + playlistName(rendition) + query,
      ]),
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
  options: { skip?: boolean; rendition?: Rendition; others?: readonly Other[] } = {},
): string {
  const { rendition = 'source' } = options;
  const epochChange = (from: Coded | null, to: Coded) => renderChange(from, to, rendition);
  const partLine = (part: PartRecord) => renderPart(part, rendition);
  const live = !timeline.ended;
  const skipped = live && options.skip ? skippableSegments(timeline) : 0;
  const lines = [...renderHead(timeline)];
  if (skipped > 0) lines.push(`#EXT-X-SKIP:SKIPPED-SEGMENTS=${skipped}`);
  let coded: Coded | null = timeline.segments[skipped - 1] ?? null;
  const next = timeline.segments[skipped];
  // What a player that has the skipped segments knows already.
  if (coded && next && isCodedAlike(coded, next)) lines.push(...epochChange(null, next));
  for (const segment of timeline.segments.slice(skipped)) {
    lines.push(...epochChange(coded, segment));
    coded = segment;
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${segment.programDateTime}`);
    if (live) lines.push(...(timeline.recentParts.get(segment.sequence) ?? []).map(partLine));
    lines.push(
      `#EXTINF:${seconds(segment.durationMs)},`,
      segmentName(segment.sequence, nameOf(segment, rendition)),
    );
  }
  if (live)
    lines.push(
      ...renderOpen(timeline, { coded, epochChange, rendition }),
      ...renderReports(
        options.others ?? [{ rendition: rendition === 'sound' ? 'source' : 'sound', timeline }],
      ),
    );
  else lines.push('#EXT-X-ENDLIST');
  return [...lines, ''].join('\n');
}

/** A rendition that stands beside the one rendered, and how far it is. */
export interface Other {
  rendition: Rendition;
  timeline: Timeline;
}

type Coded = Pick<SegmentRecord, 'initIndex' | 'rendition'>;

const isCodedAlike = (one: Coded, other: Coded) =>
  one.initIndex === other.initIndex && one.rendition === other.rendition;

/** The name in a playlist: sound is cut out of the source, a lower rendition stands for itself. */
const nameOf = ({ rendition }: { rendition?: LowerRendition }, asked: Rendition): Rendition =>
  asked === 'sound' ? 'sound' : (rendition ?? 'source');

function renderChange(from: Coded | null, to: Coded, asked: Rendition): string[] {
  if (from && isCodedAlike(from, to)) return [];
  const map = `#EXT-X-MAP:URI="${initName(to.initIndex, nameOf(to, asked))}"`;
  return from && from.initIndex !== to.initIndex ? ['#EXT-X-DISCONTINUITY', map] : [map];
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
  return `#EXT-X-PART:DURATION=${seconds(part.durationMs)},URI="${partName(part, nameOf(part, rendition))}"${independent}`;
}

function renderOpen(
  timeline: Timeline,
  how: {
    coded: Coded | null;
    rendition: Rendition;
    epochChange: (from: Coded | null, to: Coded) => string[];
  },
): string[] {
  const { coded, rendition, epochChange } = how;
  const { open, hint } = timeline;
  const lines: string[] = [];
  if (open) {
    lines.push(...epochChange(coded, open));
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${open.programDateTime}`);
    lines.push(...open.parts.map((part) => renderPart(part, rendition)));
  } else if (coded && hint?.initIndex !== coded.initIndex) {
    // What comes next is of another epoch: players that are not told before take the segment to come for one of this.
    lines.push(...(hint ? epochChange(coded, hint) : ['#EXT-X-DISCONTINUITY']));
  }
  if (hint) lines.push(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${partName(hint, nameOf(hint, rendition))}"`);
  return lines;
}

/** How far the other renditions are, so that a player that changes over knows what to ask for. */
function renderReports(others: readonly Other[]): string[] {
  return others.flatMap(({ rendition, timeline }) => {
    const last = lastListed(timeline);
    if (!last) return [];
    const at = `LAST-MSN=${last.sequence}${last.part === null ? '' : `,LAST-PART=${last.part}`}`;
    return [`#EXT-X-RENDITION-REPORT:URI="${playlistName(rendition)}",${at}`];
  });
}
