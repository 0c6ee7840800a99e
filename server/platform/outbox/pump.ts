import type { Clock } from '../clock.ts';
import type { Database } from '../database/open.ts';
import type { Logger } from '../log.ts';
import { consumeNext, type Consumer } from './consumer.ts';

/** How soon a fact that another process wrote reaches the consumers. */
const POLL_MS = 500;

export interface OutboxPump {
  /** Resolves when every consumer has seen every event written so far. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Keeps consumers up to date. A commit of this process that wrote news wakes it; it also polls, because a fact may be
 * written by another process. An idle poll reads each consumer's cursor and, by primary key, that nothing lies behind it.
 */
export function startOutboxPump(
  db: Database,
  consumers: readonly Consumer[],
  tools: { clock: Clock; log: Logger },
  pollMs = POLL_MS,
): OutboxPump {
  let closed = false;
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function runAll(): Promise<void> {
    for (const consumer of consumers) {
      while (!closed && (await consumeNext(db, consumer, tools)) > 0);
    }
  }
  /** One pass at a time: two would apply the same event twice and one would park it. */
  function pass(): Promise<void> {
    running ??= runAll().finally(() => (running = undefined));
    return running;
  }
  function passAndReport(): Promise<void> {
    return pass().catch((error: unknown) => tools.log.error({ err: error }, 'the outbox could not be read'));
  }
  function schedule(): void {
    if (closed) return;
    timer = setTimeout(() => void passAndReport().finally(schedule), pollMs);
  }
  let woken = false;
  /** What is written while a pass runs may be behind its back, so another one follows. */
  async function wake(): Promise<void> {
    if (woken || closed) return;
    woken = true;
    // A pass that fails tells whoever began it.
    await running?.catch(() => undefined);
    woken = false;
    if (!closed) await passAndReport();
  }
  const stopListening = db.onNews(() => void wake());
  schedule();

  return {
    async drain() {
      await running;
      await pass();
    },
    async close() {
      closed = true;
      stopListening();
      clearTimeout(timer);
      await running;
    },
  };
}
