import { expect, it, vi } from 'vitest';
import { openLog } from '../../server/platform/log.ts';
import { startDailyJobs, type DailyJob } from '../../server/platform/jobs.ts';

const log = openLog('silent');

it('does every job, also after one that failed, says which failed, and tries again before tomorrow', async () => {
  vi.useFakeTimers();
  try {
    const done: string[] = [];
    let broken = true;
    const job = (name: string, run: () => void = () => undefined): DailyJob => ({
      name,
      run: async () => {
        done.push(name);
        run();
        return undefined;
      },
    });
    const fail = () => {
      if (broken) throw new Error('the disk is full');
    };
    const jobs = startDailyJobs([job('first', fail), job('second')], { log });
    await vi.advanceTimersByTimeAsync(61_000);
    expect(done).toEqual(['first', 'second']);
    expect(await jobs.probe()).toEqual([
      { name: 'daily-jobs', ok: false, detail: 'first: the disk is full' },
    ]);
    broken = false;
    await vi.advanceTimersByTimeAsync(15 * 60_000);
    expect(await jobs.probe()).toMatchObject([{ ok: true }]);
    await vi.advanceTimersByTimeAsync(23 * 3_600_000);
    expect(done).toHaveLength(4);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(done).toHaveLength(6);
    await jobs.close();
    await vi.advanceTimersByTimeAsync(48 * 3_600_000);
    expect(done).toHaveLength(6);
  } finally {
    vi.useRealTimers();
  }
});
