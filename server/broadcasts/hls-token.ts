import { timingSafeEqual } from 'node:crypto';
import { shanghaiDay, type Clock } from '../platform/clock.ts';
import type { Vault } from '../platform/vault.ts';

const DAY_MS = 86_400_000;

/**
 * The part of an HLS path that stands for "was let in": the same for all viewers of a broadcast, so that a cache in
 * front serves them alike, and another every day in Asia/Shanghai. Yesterday's holds, for who watches past midnight.
 */
export function openHlsTokens({ vault, clock }: { vault: Vault; clock: Clock }) {
  const tokenOf = (broadcastId: string, atMs: number) =>
    vault.hash('hls.path', `${broadcastId}\0${shanghaiDay(atMs)}`);
  return {
    today: (broadcastId: string): string => tokenOf(broadcastId, clock.now()),
    isGood(broadcastId: string, token: string): boolean {
      const now = clock.now();
      return [now, now - DAY_MS].some((atMs) => equal(tokenOf(broadcastId, atMs), token));
    },
  };
}

function equal(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
