import { timingSafeEqual } from 'node:crypto';
import { shanghaiDay, type Clock } from '../clock.ts';
import type { Vault } from '../vault.ts';

const DAY_MS = 86_400_000;

/**
 * The part of an HLS path that stands for "was let in": the same for all viewers of a thing (a broadcast, a video), so that a cache in
 * front serves them alike, and another every day in Asia/Shanghai. Yesterday's holds, for who watches past midnight.
 */
export function openPathTokens({ vault, clock }: { vault: Vault; clock: Clock }) {
  const tokenOf = (thingId: string, atMs: number) =>
    vault.hash('hls.path', `${thingId}\0${shanghaiDay(atMs)}`);
  return {
    today: (thingId: string): string => tokenOf(thingId, clock.now()),
    isGood(thingId: string, token: string): boolean {
      const now = clock.now();
      return [now, now - DAY_MS].some((atMs) => equal(tokenOf(thingId, atMs), token));
    },
  };
}

function equal(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
