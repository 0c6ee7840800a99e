import { faultWords } from './fault.ts';
import type { Logger } from './log.ts';
import type { ReadinessProbe } from './readiness.ts';

/** Something the hub does by itself once a day. It may be cut off at any point and is then done the next time. */
export interface DailyJob {
  name: string;
  /** Returns what it did, for the log; undefined when there was nothing to do. */
  run(): Promise<Record<string, unknown> | undefined>;
}

const FIRST_AFTER_MS = 60_000;
const EVERY_MS = 24 * 3_600_000;
/** A job that failed is tried again long before tomorrow. */
const AGAIN_AFTER_MS = 15 * 60_000;

export interface DailyJobs {
  /** Says which jobs failed the last time, and how. */
  probe: ReadinessProbe;
  /** Lets the running one end and begins no other. */
  close(): Promise<void>;
}

/** Runs jobs one after another: a minute after the start, and then every day. */
export function startDailyJobs(
  jobs: readonly DailyJob[],
  { log, firstAfterMs = FIRST_AFTER_MS }: { log: Logger; firstAfterMs?: number },
): DailyJobs {
  const faults = new Map<string, string>();
  let closed = false;
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function runAll(): Promise<void> {
    for (const job of jobs) {
      if (closed) return;
      try {
        const done = await job.run();
        faults.delete(job.name);
        if (done) log.info({ job: job.name, ...done }, 'a daily job is done');
      } catch (error) {
        faults.set(job.name, faultWords(error));
        log.error({ err: error, job: job.name }, 'a daily job failed');
      }
    }
  }
  function schedule(afterMs: number): void {
    if (closed) return;
    timer = setTimeout(() => {
      running = runAll().finally(() => {
        running = undefined;
        schedule(faults.size > 0 ? AGAIN_AFTER_MS : EVERY_MS);
      });
    }, afterMs).unref();
  }
  schedule(firstAfterMs);

  return {
    probe: () => [
      {
        name: 'daily-jobs',
        ok: faults.size === 0,
        detail: [...faults].map(([name, fault]) => `${name}: ${fault}`).join('; '),
      },
    ],
    async close() {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
