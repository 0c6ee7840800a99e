import type { BroadcastMediaState, InterruptReason } from './contract.ts';

/** What can happen to a broadcast's media, as far as its state is concerned. */
export type LiveFact = { kind: 'part' } | { kind: 'stopped'; reason: InterruptReason } | { kind: 'end' };
export type LiveNews = 'live' | 'interrupted' | 'resumed' | 'ended' | null;

/** The state after a fact and what is to be told. A part that was made before the interruption is no fact. */
export function afterFact(
  state: BroadcastMediaState,
  fact: LiveFact,
): { state: BroadcastMediaState; news: LiveNews } {
  if (state === 'ended') return { state, news: null };
  if (fact.kind === 'end') return { state: 'ended', news: 'ended' };
  if (fact.kind === 'part' && state === 'waiting') return { state: 'live', news: 'live' };
  if (fact.kind === 'part' && state === 'interrupted') return { state: 'live', news: 'resumed' };
  if (fact.kind === 'stopped' && state === 'live') return { state: 'interrupted', news: 'interrupted' };
  return { state, news: null };
}
