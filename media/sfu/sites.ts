import { MediaError } from '../errors.ts';
import { placeViewer, type SfuLimits } from './place-viewer.ts';
import { Site, type Seat } from './site.ts';
import type { PlacedRouter, WorkerPool } from './worker-pool.ts';

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

  close(): void {
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
