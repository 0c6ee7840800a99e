import type { HlsAnswer, HlsSource } from './contract.ts';
import type { LowerRendition } from '../recording/contract.ts';
import { parseResourceName, partName, type Rendition, type ResourceName } from './names.ts';
import { renderMaster, renderMedia, type LowerVariant, type Other } from './playlist.ts';
import { SoundView } from './sound-view.ts';
import { IMMUTABLE_SECONDS, mediaAnswer, readStoredMedia } from './stored-media.ts';
import { lastListed, nextSequence, type PartRecord, type Timeline } from './timeline.ts';

const MP4 = 'video/mp4';
/** A playlist that carries what was asked for stays a right answer to that question: six target durations (B.1). */
const BLOCKED_TARGETS = 6;
/** Any other live playlist: a thousand players without blocking reload must not reach the hub. */
const PLAIN_SECONDS = 1;
/** An ended one changes when it is trimmed. */
const ENDED_SECONDS = 10;

type PlaylistOptions = NonNullable<Parameters<HlsSource['awaitPlaylist']>[0]>;

/** Serves a timeline that grows; `changed` is called after every change to it. */
export class LiveSource implements HlsSource {
  readonly #timeline: Timeline;
  readonly #storageDir: string;
  readonly #partBytes = new Map<string, Buffer>();
  /** Goes with the list of parts, which the timeline forgets in its time. */
  readonly #segmentBytes = new WeakMap<PartRecord[], Buffer>();
  readonly #waiting = new Set<() => void>();
  readonly #rendered = new Map<string, string>();
  readonly #sound: SoundView;
  /** The same in smaller sizes, each with a timeline of its own. */
  readonly #lower = new Map<LowerRendition, LiveSource>();

  constructor(options: { timeline: Timeline; storageDir: string }) {
    this.#timeline = options.timeline;
    this.#storageDir = options.storageDir;
    this.#sound = new SoundView(options.storageDir);
  }

  /** The larger first. Its playlists and media are served from here, too. */
  addLower(rendition: LowerRendition, source: LiveSource): void {
    this.#lower.set(rendition, source);
  }

  /** Parts are served from memory: every viewer fetches each within a second or two. */
  keepPart(part: PartRecord, bytes: Buffer): void {
    this.#partBytes.set(partName(part, part.rendition), bytes);
  }

  forgetPart(part: PartRecord): void {
    this.#partBytes.delete(partName(part, part.rendition));
  }

  changed(): void {
    this.#rendered.clear();
    // They tell how far this one is.
    for (const source of this.#lower.values()) source.#rendered.clear();
    for (const wake of [...this.#waiting]) wake();
  }

  master(options: Parameters<HlsSource['master']>[0]): HlsAnswer {
    const init = this.#timeline.inits.at(-1);
    if (!init) return { kind: 'not-found' };
    const { segments } = this.#timeline;
    const lower = [...this.#lower].flatMap(([rendition, source]) => source.#variant(rendition) ?? []);
    const body = renderMaster({ ...options, init, segments, lower });
    return { kind: 'playlist', body, maxAgeSeconds: 0 };
  }

  async awaitPlaylist(options: PlaylistOptions = {}): Promise<HlsAnswer> {
    const { rendition = 'source' } = options;
    if (rendition !== 'source' && rendition !== 'sound') {
      const source = this.#lower.get(rendition);
      return source ? source.#await(options, this.#othersOf(rendition)) : { kind: 'not-found' };
    }
    return this.#await(options, this.#othersOf(rendition));
  }

  async #await(options: PlaylistOptions, others: Other[]): Promise<HlsAnswer> {
    const { rendition = 'source', msn, part, skip = false, signal } = options;
    const timeline = this.#timeline;
    const reason = faultOf(timeline, msn, part);
    if (reason !== null) return { kind: 'bad-request', reason };
    const reached = () => timeline.ended || msn === undefined || isListed(timeline, msn, part);
    await this.#until(reached, signal);
    if (!lastListed(timeline)) return { kind: 'not-found' };
    const body = this.#render({ rendition, skip, others });
    if (timeline.ended) return { kind: 'playlist', body, maxAgeSeconds: ENDED_SECONDS };
    if (msn === undefined) return { kind: 'playlist', body, maxAgeSeconds: PLAIN_SECONDS };
    // What was waited for in vain may come at any moment.
    const maxAgeSeconds = reached() ? timeline.targetSeconds * BLOCKED_TARGETS : 0;
    return { kind: 'playlist', body, maxAgeSeconds };
  }

  async resource(name: string, options: { range?: string; signal?: AbortSignal } = {}): Promise<HlsAnswer> {
    const parsed = parseResourceName(name);
    if (!parsed) return { kind: 'not-found' };
    if (parsed.rendition === 'source' || parsed.rendition === 'sound') return this.#serve(parsed, options);
    const lower = this.#lower.get(parsed.rendition);
    return lower ? lower.#serve(parsed, options) : { kind: 'not-found' };
  }

  async #serve(parsed: ResourceName, options: { range?: string; signal?: AbortSignal }): Promise<HlsAnswer> {
    const { range, signal } = options;
    if (parsed.kind === 'part') return this.#part(parsed, signal);
    const row =
      parsed.kind === 'init'
        ? this.#init(parsed.initIndex, parsed.rendition)
        : this.#timeline.segments[parsed.sequence - (this.#timeline.segments[0]?.sequence ?? 0)];
    const init = row && this.#init(row.initIndex, parsed.rendition);
    if (!row || !init || row.rendition !== init.rendition) return { kind: 'not-found' };
    const recent = parsed.kind === 'segment' ? this.#recentSegment(parsed.sequence) : null;
    const sound = parsed.rendition === 'sound';
    if (!sound && recent) return mediaAnswer(recent, { contentType: MP4, range });
    if (!sound) return readStoredMedia(this.#storageDir, { key: row.file, contentType: MP4, range });
    const body = await (parsed.kind === 'init'
      ? this.#sound.init(init)
      : this.#sound.segment(row.file, init));
    return body ? mediaAnswer(body, { contentType: 'audio/mp4', range }) : { kind: 'not-found' };
  }

  /** What players without parts fetch right after it closed, all of them at once: its parts are still in memory. */
  #recentSegment(sequence: number): Buffer | null {
    const parts = this.#timeline.recentParts.get(sequence);
    if (!parts) return null;
    const known = this.#segmentBytes.get(parts);
    if (known) return known;
    const pieces = parts.map((part) => this.#partBytes.get(partName(part, part.rendition)));
    if (!pieces.every((piece) => piece !== undefined)) return null;
    const bytes = Buffer.concat(pieces);
    this.#segmentBytes.set(parts, bytes);
    return bytes;
  }

  /** Sound is cut out of the source. */
  #init(initIndex: number, asked: Rendition) {
    const rendition = asked === 'sound' ? 'source' : asked;
    return this.#timeline.inits.find(
      (init) => init.initIndex === initIndex && (init.rendition ?? 'source') === rendition,
    );
  }

  /** Null where nothing is made of it now (live), or was (ended). */
  #variant(rendition: LowerRendition): LowerVariant | null {
    const { inits, segments, hint, ended } = this.#timeline;
    const init = inits.findLast((one) => one.rendition === rendition);
    // While nothing is to come, what was made last tells.
    const made = hint ? hint.rendition : inits.at(-1)?.rendition;
    if (!init || (!ended && made !== rendition)) return null;
    return { rendition, init, segments: segments.filter((one) => one.rendition === rendition) };
  }

  #othersOf(asked: Rendition): Other[] {
    const own: Other[] = (['source', 'sound'] as const).map((rendition) => ({
      rendition,
      timeline: this.#timeline,
    }));
    const lower = [...this.#lower].map(([rendition, source]) => ({ rendition, timeline: source.#timeline }));
    return [...own, ...lower].filter(({ rendition }) => rendition !== asked);
  }

  async #part(part: ResourceName & { kind: 'part' }, signal: AbortSignal | undefined): Promise<HlsAnswer> {
    const sound = part.rendition === 'sound';
    const name = partName(part, sound ? 'source' : part.rendition);
    const hinted = () => {
      const { hint } = this.#timeline;
      return hint !== null && partName(hint, hint.rendition) === name;
    };
    if (hinted()) await this.#until(() => !hinted(), signal);
    const bytes = this.#partBytes.get(name);
    const init = this.#init(part.initIndex, part.rendition);
    if (!bytes || !init) return { kind: 'not-found' };
    const body = sound ? await this.#sound.part(bytes, init) : bytes;
    if (!body) return { kind: 'not-found' };
    const contentType = sound ? 'audio/mp4' : MP4;
    return { kind: 'media', contentType, body, byteLength: body.length, maxAgeSeconds: IMMUTABLE_SECONDS };
  }

  #render(options: { rendition: Rendition; skip: boolean; others: Other[] }): string {
    const key = `${options.rendition} ${options.skip}`;
    const body = this.#rendered.get(key) ?? renderMedia(this.#timeline, options);
    this.#rendered.set(key, body);
    return body;
  }

  /** Resolves when `reached`, after three target durations, or when the client is gone. */
  #until(reached: () => boolean, signal: AbortSignal | undefined): Promise<void> {
    if (reached() || signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const stop = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', stop);
        this.#waiting.delete(check);
        resolve();
      };
      const check = () => {
        if (reached()) stop();
      };
      const timer = setTimeout(stop, this.#timeline.targetSeconds * 3000);
      signal?.addEventListener('abort', stop);
      this.#waiting.add(check);
    });
  }
}

/** What is wrong with the delivery directives, by RFC 8216bis 6.2.5.2; null when nothing is. */
function faultOf(timeline: Timeline, msn: number | undefined, part: number | undefined): string | null {
  if (msn === undefined) return part === undefined ? null : '_HLS_part without _HLS_msn';
  if (timeline.ended) return null;
  if (msn > nextSequence(timeline) + 1) return '_HLS_msn is too far ahead';
  // The draft's Advance Part Limit.
  const limit = timeline.partSeconds < 1 ? Math.ceil(3 / timeline.partSeconds) : 3;
  const parts = timeline.open?.sequence === msn ? timeline.open.parts.length : 0;
  const further = msn >= (timeline.open?.sequence ?? nextSequence(timeline));
  return further && part !== undefined && part > parts - 1 + limit ? '_HLS_part is too far ahead' : null;
}

function isListed(timeline: Timeline, msn: number, part: number | undefined): boolean {
  const { open } = timeline;
  const closedUpTo = (open?.sequence ?? nextSequence(timeline)) - 1;
  if (msn <= closedUpTo) return true;
  return part !== undefined && open?.sequence === msn && part < open.parts.length;
}
