import { setTimeout as sleep } from 'node:timers/promises';
import { HubError } from '../errors.ts';

const LONGEST_WAIT_MS = 15_000;
const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 200;

/** True for the refusal SQLite gives while another process holds the write lock; drizzle wraps it as a cause. */
function isBusy(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && at.code.startsWith('SQLITE_BUSY')) return true;
  }
  return false;
}

/**
 * Retries `attempt` while another process (a backup, a second hub by mistake) holds the database.
 * Only for work that has written nothing when it is refused: `BEGIN IMMEDIATE`, a single statement.
 * Throws `database.busy` after 15 s.
 */
export async function retryWhileBusy<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + LONGEST_WAIT_MS;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await attempt();
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (performance.now() > deadline) throw new HubError('database.busy', { cause: error });
      await sleep(pause);
    }
  }
}
