import type { Producer, Router } from 'mediasoup/types';
import { MediaError } from '../errors.ts';
import { CONSUMERS_OF_VIEWER } from './place-viewer.ts';
import type { PlacedRouter, WorkerLoad } from './worker-pool.ts';

/** A producer as it is known on a site's router. */
export interface Brought {
  router: Router;
  producerId: string;
}

/** Makes what the home's producer sends a producer of another router, which closes with it. */
export type Join = (producerId: string, home: Router, router: Router) => Promise<Producer>;

async function joinWorkers(producerId: string, home: Router, router: Router): Promise<Producer> {
  const { pipeProducer } = await home.pipeToRouter({ producerId, router, enableRtx: true });
  if (!pipeProducer) throw new Error('nothing was piped');
  return pipeProducer;
}

/** One router of a broadcast: its home, where everything is published, or a branch on a further worker. */
export class Site {
  readonly workerIndex: number;
  readonly load: WorkerLoad;
  readonly #opening: Promise<PlacedRouter>;
  /** Producers of the home that can be consumed here, once the promise is kept. */
  readonly #brought = new Map<string, Promise<Brought>>();
  readonly #join: Join;
  #placed: PlacedRouter | null = null;
  #viewers = 0;
  #closed = false;

  constructor(
    workerIndex: number,
    load: WorkerLoad,
    opening: Promise<PlacedRouter>,
    join: Join = joinWorkers,
  ) {
    this.#join = join;
    this.workerIndex = workerIndex;
    this.load = load;
    this.#opening = opening.then((placed) => {
      this.#placed = placed;
      if (this.#closed) placed.router.close();
      return placed;
    });
    // Whoever asks for the router is told; nobody may have asked.
    this.#opening.catch(() => undefined);
  }

  static at(placed: PlacedRouter): Site {
    return new Site(placed.workerIndex, placed.load, Promise.resolve(placed));
  }

  get viewers(): number {
    return this.#viewers;
  }

  /** Its worker died, with everything on it. */
  get lost(): boolean {
    return !this.#closed && this.#placed?.router.closed === true;
  }

  /** Rejects with `worker-unavailable` where its worker died meanwhile. */
  placed(): Promise<PlacedRouter> {
    return this.#opening;
  }

  /** Has a producer of the home's router piped here, once for all who consume it. */
  async bring(producerId: string, home: Router): Promise<Brought> {
    const { router } = await this.#opening;
    if (router === home) return { router, producerId };
    const standing = this.#brought.get(producerId);
    const bringing = standing ?? this.#pipe(producerId, home, router);
    this.#brought.set(producerId, bringing);
    return bringing;
  }

  async #pipe(producerId: string, home: Router, router: Router): Promise<Brought> {
    try {
      const piped = await this.#join(producerId, home, router);
      piped.observer.once('close', () => this.#brought.delete(producerId));
      return { router, producerId: piped.id };
    } catch (error) {
      this.#brought.delete(producerId);
      if (home.closed || router.closed)
        throw new MediaError('worker-unavailable', 'a worker died while viewers were joined to it', {
          cause: error,
        });
      throw new MediaError('unknown-producer', `no producer ${producerId}`, { cause: error });
    }
  }

  /** A viewer comes; the site is not left empty from now on until the seat is left. */
  seat(onLeft: () => void): Seat {
    this.#viewers += 1;
    return new Seat(this, () => {
      this.#viewers -= 1;
      onLeft();
    });
  }

  /** Idempotent. Its pipes close with it. */
  close(): void {
    this.#closed = true;
    this.#placed?.router.close();
  }
}

/** A viewer's place on a site. In the worker's load it counts as the usual number of consumers until it has more. */
export class Seat {
  readonly site: Site;
  readonly #onLeft: () => void;
  #consumers = 0;
  #counted = 0;
  #left = false;

  constructor(site: Site, onLeft: () => void) {
    this.site = site;
    this.#onLeft = onLeft;
    this.#count();
  }

  consumerOpened(): void {
    this.#consumers += 1;
    this.#count();
  }

  consumerClosed(): void {
    this.#consumers -= 1;
    this.#count();
  }

  /** Idempotent. */
  leave(): void {
    if (this.#left) return;
    this.#left = true;
    this.#count();
    this.#onLeft();
  }

  #count(): void {
    const counts = this.#left ? 0 : Math.max(CONSUMERS_OF_VIEWER, this.#consumers);
    this.site.load.consumers += counts - this.#counted;
    this.#counted = counts;
  }
}
