import type { Clock } from '../clock.ts';
import type { Database } from '../database/open.ts';
import type { Logger } from '../log.ts';
import { consumeNext, type Consumer } from './consumer.ts';

/** How soon a fact reaches its consumers when nothing wakes the pump earlier. */
const POLL_MS = 200;

export interface OutboxPump {
  /** Resolves when every consumer has seen every event written so far. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Keeps consumers up to date. It polls a counter rather than listening, because a fact may be written by
 * another process; an idle poll reads each consumer's cursor and, by primary key, that nothing lies behind it.
 */
export function startOutboxPump(
  db: Database,
  consumers: readonly Consumer[],
  tools: { clock: Clock; log: Logger },
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
  function schedule(): void {
    if (closed) return;
    timer = setTimeout(() => {
      pass()
        .catch((error: unknown) => tools.log.error({ err: error }, 'the outbox could not be read'))
        .finally(schedule);
    }, POLL_MS);
  }
  schedule();

  return {
    async drain() {
      await running;
      await pass();
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
