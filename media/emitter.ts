import type { Unsubscribe } from './contract.ts';

/** A typed emitter whose failing listeners are reported and never stop the media. */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<(payload: never) => unknown>>();
  readonly #onFault: (event: string, error: unknown) => void;

  constructor(onFault: (event: string, error: unknown) => void) {
    this.#onFault = onFault;
  }

  on<K extends keyof Events>(event: K, listener: (payload: Events[K]) => unknown): Unsubscribe {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  emit<K extends keyof Events>(event: K, payload: Events[K]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) {
      try {
        const result = (listener as (payload: Events[K]) => unknown)(payload);
        if (result instanceof Promise) result.catch((error) => this.#onFault(String(event), error));
      } catch (error) {
        this.#onFault(String(event), error);
      }
    }
  }
}
