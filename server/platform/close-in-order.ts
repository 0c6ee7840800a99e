import { setTimeout as delay } from 'node:timers/promises';

/** Something that is closed: what it is called where it fails, and how. */
export type ClosingStep = readonly [name: string, close: () => Promise<unknown> | void];

/**
 * Closes one thing after another. Each step runs whatever became of those before; one that takes longer than `limitMs`
 * is left behind. Throws an `AggregateError` of everything that failed, after the last step.
 */
export async function closeInOrder(steps: readonly ClosingStep[], limitMs: number): Promise<void> {
  const errors: Error[] = [];
  for (const [name, close] of steps) {
    try {
      await within(limitMs, async () => close());
    } catch (error) {
      errors.push(new Error(`${name} could not be closed`, { cause: error }));
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, errors.map(({ message }) => message).join('; '));
}

async function within(limitMs: number, work: () => Promise<unknown>): Promise<void> {
  const over = new AbortController();
  const late = delay(limitMs, undefined, { signal: over.signal }).then(() => {
    throw new Error(`It took longer than ${limitMs} ms`);
  });
  // Nobody waits for the clock any more once the work is done.
  late.catch(() => undefined);
  try {
    await Promise.race([work(), late]);
  } finally {
    over.abort();
  }
}
