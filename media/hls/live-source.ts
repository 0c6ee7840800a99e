import type { HlsAnswer, HlsSource } from './contract.ts';
import { parseResourceName, partName } from './names.ts';
import { peakBandwidth, renderMaster, renderMedia } from './playlist.ts';
import { IMMUTABLE_SECONDS, readStoredMedia } from './stored-media.ts';
import { nextSequence, type PartRecord, type Timeline } from './timeline.ts';

const MP4 = 'video/mp4';

/** Serves a timeline that grows; `changed` is called after every change to it. */
export class LiveSource implements HlsSource {
  readonly #timeline: Timeline;
  readonly #storageDir: string;
  readonly #partBytes = new Map<string, Buffer>();
  readonly #waiting = new Set<() => void>();
  readonly #rendered = new Map<boolean, string>();

  constructor(options: { timeline: Timeline; storageDir: string }) {
    this.#timeline = options.timeline;
    this.#storageDir = options.storageDir;
  }

  /** Parts are served from memory: every viewer fetches each within a second or two. */
  keepPart(part: PartRecord, bytes: Buffer): void {
    this.#partBytes.set(partName(part), bytes);
  }

  forgetPart(part: PartRecord): void {
    this.#partBytes.delete(partName(part));
  }

  changed(): void {
    this.#rendered.clear();
    for (const wake of [...this.#waiting]) wake();
  }

  master({ mediaUri }: { mediaUri: string }): HlsAnswer {
    const init = this.#timeline.inits.at(-1);
    if (!init) return { kind: 'not-found' };
    const bandwidth = peakBandwidth(this.#timeline.segments);
    return { kind: 'playlist', body: renderMaster({ init, bandwidth, mediaUri }), maxAgeSeconds: 0 };
  }

  async awaitPlaylist(
    options: { msn?: number; part?: number; skip?: boolean; signal?: AbortSignal } = {},
  ): Promise<HlsAnswer> {
    const { msn, part, skip = false, signal } = options;
    const timeline = this.#timeline;
    if (part !== undefined && msn === undefined)
      return { kind: 'bad-request', reason: '_HLS_part without _HLS_msn' };
    if (msn !== undefined && !timeline.ended) {
      if (msn > nextSequence(timeline) + 1)
        return { kind: 'bad-request', reason: '_HLS_msn is too far ahead' };
      await this.#until(() => timeline.ended || isListed(timeline, msn, part), signal);
    }
    if (timeline.segments.length === 0 && !timeline.open) return { kind: 'not-found' };
    return { kind: 'playlist', body: this.#render(skip), maxAgeSeconds: 0 };
  }

  async resource(name: string, options: { range?: string; signal?: AbortSignal } = {}): Promise<HlsAnswer> {
    const parsed = parseResourceName(name);
    if (!parsed) return { kind: 'not-found' };
    if (parsed.kind === 'part') return this.#part(name, options.signal);
    const row =
      parsed.kind === 'init'
        ? this.#timeline.inits.find(({ initIndex }) => initIndex === parsed.initIndex)
        : this.#timeline.segments[parsed.sequence - (this.#timeline.segments[0]?.sequence ?? 0)];
    if (!row) return { kind: 'not-found' };
    return readStoredMedia(this.#storageDir, { key: row.file, contentType: MP4, range: options.range });
  }

  async #part(name: string, signal: AbortSignal | undefined): Promise<HlsAnswer> {
    const hinted = () => this.#timeline.hint !== null && partName(this.#timeline.hint) === name;
    if (hinted()) await this.#until(() => !hinted(), signal);
    const body = this.#partBytes.get(name);
    if (!body) return { kind: 'not-found' };
    return {
      kind: 'media',
      contentType: MP4,
      body,
      byteLength: body.length,
      maxAgeSeconds: IMMUTABLE_SECONDS,
    };
  }

  #render(skip: boolean): string {
    const body = this.#rendered.get(skip) ?? renderMedia(this.#timeline, { skip });
    this.#rendered.set(skip, body);
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

function isListed(timeline: Timeline, msn: number, part: number | undefined): boolean {
  const { open } = timeline;
  const closedUpTo = (open?.sequence ?? nextSequence(timeline)) - 1;
  if (msn <= closedUpTo) return true;
  return part !== undefined && open?.sequence === msn && part < open.parts.length;
}
