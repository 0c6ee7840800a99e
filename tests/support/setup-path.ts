import type { ServedHub } from './serve-hub.ts';

const DEADLINE_MS = 10_000;

/** The path of the first administrator's link, which a new hub prints a moment after its address. */
export async function setupPathOf(hub: ServedHub): Promise<string> {
  const deadlineMs = Date.now() + DEADLINE_MS;
  for (;;) {
    const path = /\/setup\/\S+/.exec(hub.output())?.[0];
    if (path) return path;
    if (Date.now() > deadlineMs) throw new Error(`A new hub printed no setup link:\n${hub.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
