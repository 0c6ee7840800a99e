import type { Clock } from '../platform/clock.ts';

/** Different wrong keys from one address, after which the next ones are looked up slowly. */
const MANY = 30;
const REMEMBERED_MS = 15 * 60_000;
const MOST_ADDRESSES = 10_000;

/**
 * What is known of wrong stream keys by address, in memory. 192 bits are not guessed, but nobody should make the database
 * look for them either: one forgotten encoder that tries its old key for ever costs nothing after the first time, and
 * whoever tries many different ones waits. A valid key is never refused, whatever else came from its address: behind one
 * router are a forgotten encoder and the one that is meant.
 */
export function openWrongKeys(clock: Clock) {
  const byAddress = new Map<string, { until: number; hashes: Set<string> }>();

  function livingOf(address: string): Set<string> | undefined {
    const known = byAddress.get(address);
    if (known && known.until <= clock.now()) byAddress.delete(address);
    return byAddress.get(address)?.hashes;
  }

  return {
    /** A key that was wrong stays wrong: none is ever given out twice. */
    isKnown: (address: string, keyHash: string): boolean => livingOf(address)?.has(keyHash) ?? false,

    isMany: (address: string): boolean => (livingOf(address)?.size ?? 0) >= MANY,

    note(address: string, keyHash: string): void {
      const hashes = livingOf(address) ?? new Set<string>();
      if (hashes.size < MANY) hashes.add(keyHash);
      // The one that was noted last goes last.
      byAddress.delete(address);
      byAddress.set(address, { until: clock.now() + REMEMBERED_MS, hashes });
      const [oldest] = byAddress.keys();
      if (byAddress.size > MOST_ADDRESSES && oldest !== undefined) byAddress.delete(oldest);
    },
  };
}
