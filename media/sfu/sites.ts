import { MediaError } from '../errors.ts';
import { dialectCodecs, keyOf, openDialectPipe, type Dialect } from './dialect.ts';
import { CONSUMERS_OF_VIEWER, placeViewer, type SfuLimits } from './place-viewer.ts';
import { Site, type Seat } from './site.ts';
import type { PlacedRouter, WorkerPool } from './worker-pool.ts';

/** Kinds of players with numbers of their own at one time; every browser's version is one. */
const MOST_DIALECTS = 8;

/** The routers of one broadcast: its home, and branches that come with viewers beyond its limits and go with the last. */
export class Sites {
  readonly home: Site;
  readonly #pool: WorkerPool;
  readonly #limits: SfuLimits;
  /** By worker: never two routers of one. */
  readonly #branches = new Map<number, Site>();

  constructor(home: PlacedRouter, pool: WorkerPool, limits: SfuLimits) {
    this.home = Site.at(home);
    this.#pool = pool;
    this.#limits = limits;
  }

  /** By what tells them apart. */
  readonly #dialects = new Map<string, Site>();

  get branches(): number {
    return this.#branches.size;
  }

  /** Those who publish receive at home: their life hangs on it anyhow. */
  seatAtHome(): Seat {
    return this.home.seat(() => undefined);
  }

  /** Throws `worker-full` where no worker may carry one more. */
  seatViewer(): Seat {
    const standing = [this.home, ...this.#branches.values()].filter(({ lost }) => !lost);
    const taken = new Set(standing.map(({ workerIndex }) => workerIndex));
    const without = this.#pool.workers.filter(({ workerIndex }) => !taken.has(workerIndex));
    const place = placeViewer(
      standing.map(({ viewers, load }) => ({ viewers, workerConsumers: load.consumers })),
      without.map(({ load }) => load),
      this.#limits,
    );
    if (place === 'full')
      throw new MediaError('worker-full', 'every worker carries as many viewers as it may');
    const site = place.at === 'standing' ? standing[place.index]! : this.#openBranch(without[place.index]!);
    return site.seat(() => this.#closeIfEmpty(site));
  }

  /**
   * For a client that names formats by numbers of its own; throws `worker-full` where no more can be carried. On the
   * home's worker: what is sent there is for few.
   */
  seatDialect(dialect: Dialect): Seat {
    const key = keyOf(dialect);
    const { load, workerIndex } = this.home;
    const standing = this.#dialects.get(key);
    const fits = load.consumers + CONSUMERS_OF_VIEWER <= this.#limits.consumersPerWorker;
    if (!fits || (!standing && this.#dialects.size >= MOST_DIALECTS))
      throw new MediaError('worker-full', 'the worker carries as many viewers as it may');
    const codecs = dialectCodecs(dialect);
    const site =
      standing ??
      new Site(workerIndex, load, this.#pool.createRouterOn(workerIndex, codecs), openDialectPipe());
    this.#dialects.set(key, site);
    return site.seat(() => {
      if (site.viewers > 0) return;
      if (this.#dialects.get(key) === site) this.#dialects.delete(key);
      site.close();
    });
  }

  close(): void {
    for (const dialect of this.#dialects.values()) dialect.close();
    this.#dialects.clear();
    for (const branch of this.#branches.values()) branch.close();
    this.#branches.clear();
    this.home.close();
  }

  #openBranch({ workerIndex, load }: WorkerPool['workers'][number]): Site {
    const branch = new Site(workerIndex, load, this.#pool.createRouterOn(workerIndex));
    this.#branches.set(workerIndex, branch);
    return branch;
  }

  #closeIfEmpty(site: Site): void {
    if (site === this.home || site.viewers > 0) return;
    if (this.#branches.get(site.workerIndex) === site) this.#branches.delete(site.workerIndex);
    site.close();
  }
}
