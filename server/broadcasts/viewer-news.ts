import type { Announce } from '../realtime/connection.ts';
import { groupOf } from './stage.ts';

/** A crowd that comes at once is told of once. */
const GROUP_MS = 500;

/** Tells a room how many watch, at most twice a second. */
export function openViewerNews(announce: Announce, count: (broadcastId: string) => number) {
  const timers = new Map<string, NodeJS.Timeout>();
  const told = new Map<string, number>();

  function tell(broadcastId: string): void {
    timers.delete(broadcastId);
    const viewers = count(broadcastId);
    if (told.get(broadcastId) === viewers) return;
    if (viewers === 0) told.delete(broadcastId);
    else told.set(broadcastId, viewers);
    announce(groupOf(broadcastId), 'broadcast:viewers', { viewers });
  }

  return {
    /** Someone came or went. */
    changed(broadcastId: string): void {
      if (timers.has(broadcastId)) return;
      timers.set(broadcastId, setTimeout(() => tell(broadcastId), GROUP_MS).unref());
    },
    close(): void {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
