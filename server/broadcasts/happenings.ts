import type { Logger } from '../platform/log.ts';
import type { Happening } from './state-changes.ts';
import type { Turns } from './turns.ts';

const RETRY_MS = 1_000;

/**
 * What the media plane told of broadcasts and is not written yet, in order. It tells each thing once, so what cannot be
 * written is kept and tried again until it is; it carries its own moment, so that late is still right.
 */
export function openHappenings(parts: {
  turns: Turns;
  log: Logger;
  write: (broadcastId: string, happening: Happening) => Promise<unknown>;
}) {
  const { turns, log, write } = parts;
  const waiting = new Map<string, Happening[]>();
  const failing = new Set<string>();
  const timers = new Map<string, NodeJS.Timeout>();
  let closed = false;

  /** Writes everything that waits for a broadcast, or rejects at the first that cannot be written. Only inside a turn. */
  async function writeAll(broadcastId: string): Promise<void> {
    for (;;) {
      const [next] = waiting.get(broadcastId) ?? [];
      if (!next) break;
      await write(broadcastId, next);
      waiting.get(broadcastId)?.shift();
    }
    waiting.delete(broadcastId);
    failing.delete(broadcastId);
  }

  function tryToWrite(broadcastId: string): void {
    turns
      .take(broadcastId, () => writeAll(broadcastId))
      .catch((error: unknown) => {
        failing.add(broadcastId);
        log.error({ err: error, broadcastId }, 'what happened to a broadcast could not be written');
        if (!closed) retryLater(broadcastId);
      });
  }

  function retryLater(broadcastId: string): void {
    if (timers.has(broadcastId)) return;
    const timer = setTimeout(() => {
      timers.delete(broadcastId);
      tryToWrite(broadcastId);
    }, RETRY_MS);
    timers.set(broadcastId, timer.unref());
  }

  return {
    writeAll,

    /** Takes what happened; it is written as soon as its turn comes and the database takes it. */
    add(broadcastId: string, happening: Happening): void {
      waiting.set(broadcastId, [...(waiting.get(broadcastId) ?? []), happening]);
      tryToWrite(broadcastId);
    },

    /** One sentence for each broadcast whose state is behind what happened to it. */
    faults: (): string[] => [...failing].map((id) => `what happened to ${id} could not be written yet`),

    /** Tries no more by itself; whoever closes writes what is left. */
    close(): void {
      closed = true;
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
