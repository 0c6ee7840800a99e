import { setImmediate as nextTurn } from 'node:timers/promises';

/** Items a slice at a time, with a turn of the event loop between two, so that a long list stops nobody. */
export async function* slicesOf<Item>(items: readonly Item[], size: number): AsyncIterable<Item[]> {
  for (let at = 0; at < items.length; at += size) {
    if (at > 0) await nextTurn();
    yield items.slice(at, at + size);
  }
}
