import { isDeepStrictEqual } from 'node:util';
import type { BroadcastEvents, StageShown } from '../contract.ts';
import type { Admission, CpuBudget } from '../process/cpu-budget.ts';
import { Endings } from '../process/endings.ts';
import type { ChosenSources } from '../tap/choose-sources.ts';
import type { VideoFrame } from '../tap/frames.ts';
import { Compositor } from './compositor.ts';
import {
  encodingCost,
  planShow,
  planWithoutEncoder,
  refusedWhat,
  tellShown,
  type ShowPlan,
} from './plan-show.ts';

export interface DirectorOptions {
  broadcastId: string;
  ffmpegPath: string;
  budget: CpuBudget;
  /** Whether a producer's pictures can be copied as they are. */
  copyable: (producerId: string) => boolean;
  /** The one stream of pictures that is recorded. `source` changes when it comes from elsewhere. */
  onFrame: (frame: VideoFrame, source: string) => void;
  onShown: (shown: StageShown) => void;
  onRefused: (refused: BroadcastEvents['encodingRefused']) => void;
  /** After a refusal, when it is worth choosing anew. */
  onRetry: () => void;
  onDecoderDied: (reason: string) => void;
  requestKeyFrame: (producerId: string) => void;
}

/** A source of the programme's pictures, until another has its first keyframe. */
interface Shot {
  plan: Exclude<ShowPlan, { kind: 'nothing' }>;
  source: string;
  compositor: Compositor | null;
}

const RETRY_MS = 5000;
const NOTHING: StageShown = { layout: 'one', pictures: [], lacking: null };

/** Decides which pictures the programme gets: one publisher's as they are, or several on a canvas. */
export class Director {
  readonly #options: DirectorOptions;
  #current: Shot | null = null;
  #next: Shot | null = null;
  #shown = NOTHING;
  #lease: (Admission & { admitted: true; pictures: number }) | null = null;
  #refused: BroadcastEvents['encodingRefused'] | null = null;
  #retryTimer: NodeJS.Timeout | null = null;
  #shots = 0;
  readonly #endings = new Endings();

  constructor(options: DirectorOptions) {
    this.#options = options;
  }

  get shown(): StageShown {
    return this.#shown;
  }

  /** Of an encoded picture nobody needs keyframes but its decoder, which asks for itself. */
  requestKeyFrame(): void {
    for (const shot of [this.#current, this.#next])
      if (shot?.plan.kind === 'copy') this.#options.requestKeyFrame(shot.plan.producerId);
  }

  /** Returns whether there is a picture to be shown. */
  follow(chosen: ChosenSources): boolean {
    const plan = this.#plan(chosen);
    this.#tell(tellShown(plan, chosen, this.#refused !== null));
    if (plan.kind === 'nothing') {
      this.#drop(this.#current);
      this.#drop(this.#next);
      this.#current = this.#next = null;
    } else if (isDeepStrictEqual(plan, this.#current?.plan)) {
      this.#drop(this.#next);
      this.#next = null;
    } else if (!isDeepStrictEqual(plan, this.#next?.plan)) {
      this.#drop(this.#next);
      this.#next = this.#open(plan);
    }
    if (plan.kind !== 'encode' && this.#current?.plan.kind !== 'encode') this.#release();
    return plan.kind !== 'nothing';
  }

  take(frame: VideoFrame, producerId: string): void {
    for (const shot of [this.#current, this.#next]) {
      shot?.compositor?.push(frame, producerId);
      if (shot?.plan.kind === 'copy' && shot.plan.producerId === producerId) this.#show(frame, shot);
    }
  }

  /** Idempotent. Resolves when no decoder runs. */
  async close(): Promise<void> {
    this.#stopRetry();
    this.#drop(this.#current);
    this.#drop(this.#next);
    this.#current = this.#next = null;
    this.#release();
    await this.#endings.all();
  }

  #plan({ layout, pictures: chosen }: ChosenSources): ShowPlan {
    const pictures = chosen.map((one) => ({ ...one, copyable: this.#options.copyable(one.producerId) }));
    const plan = planShow(layout, pictures);
    if (plan.kind !== 'encode') {
      this.#refused = null;
      this.#stopRetry();
      return plan;
    }
    const reason = this.#admit(plan.producerIds.length);
    if (reason === null) return plan;
    const refused = { ...refusedWhat(pictures), reason };
    const before = this.#refused;
    this.#refused = refused;
    this.#retryTimer ??= setTimeout(() => {
      this.#retryTimer = null;
      this.#options.onRetry();
    }, RETRY_MS);
    if (before?.what !== refused.what || before.producerId !== refused.producerId)
      this.#options.onRefused(refused);
    return planWithoutEncoder(pictures);
  }

  /** Null when there is room; what is held already is kept, or exchanged for more. */
  #admit(pictures: number): string | null {
    if (this.#lease && this.#lease.pictures >= pictures) {
      this.#refused = null;
      return null;
    }
    this.#lease?.release();
    this.#lease = null;
    const what = `the picture of broadcast ${this.#options.broadcastId}`;
    const admission = this.#options.budget.admit({ what, cores: encodingCost(pictures), priority: 'live' });
    if (!admission.admitted) return admission.reason;
    this.#lease = { ...admission, pictures };
    this.#refused = null;
    this.#stopRetry();
    return null;
  }

  #open(plan: Shot['plan']): Shot {
    this.#shots += 1;
    if (plan.kind === 'copy') {
      this.#options.requestKeyFrame(plan.producerId);
      return { plan, source: plan.producerId, compositor: null };
    }
    const { ffmpegPath, onDecoderDied, requestKeyFrame } = this.#options;
    const { layout, producerIds } = plan;
    const shot: Shot = { plan, source: `canvas ${this.#shots}`, compositor: null };
    shot.compositor = new Compositor({
      ...{ ffmpegPath, layout, producerIds, onDecoderDied, requestKeyFrame },
      onFrame: (frame) => this.#show(frame, shot),
    });
    return shot;
  }

  #show(frame: VideoFrame, shot: Shot): void {
    if (shot === this.#next) {
      // Its pictures so far went by unrecorded, and without them only a keyframe can be decoded.
      if (!frame.keyframe) return this.requestKeyFrame();
      this.#current?.compositor?.catchUp(frame.atMs);
      this.#drop(this.#current);
      [this.#current, this.#next] = [shot, null];
      if (shot.plan.kind !== 'encode') this.#release();
    }
    if (shot === this.#current) this.#options.onFrame(frame, shot.source);
  }

  #drop(shot: Shot | null): void {
    if (shot?.compositor) this.#endings.add(shot.compositor.close());
  }

  #tell(shown: StageShown): void {
    if (isDeepStrictEqual(shown, this.#shown)) return;
    this.#shown = shown;
    this.#options.onShown(shown);
  }

  #release(): void {
    this.#lease?.release();
    this.#lease = null;
  }

  #stopRetry(): void {
    if (this.#retryTimer) clearTimeout(this.#retryTimer);
    this.#retryTimer = null;
  }
}
