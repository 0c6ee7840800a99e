import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const TICKS_A_SECOND = 100;

/** Seconds of CPU that a process has used, its children that ended included (proc(5): utime, stime, cutime, cstime). */
export function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_A_SECOND;
}

/** Seconds of CPU by program of a process and its children, those left out whose arguments match. */
export function cpuSeconds(pid: number, leaveOut: RegExp): Record<string, number> {
  const children = execFileSync('ps', ['-o', 'pid=,comm=,args=', '--ppid', String(pid)])
    .toString()
    .trim()
    .split('\n');
  const seconds: Record<string, number> = { node: cpuSecondsOf(pid) };
  for (const line of children) {
    const [childPid, program] = line.trim().split(/\s+/);
    // `ps` itself is among the children and gone by now.
    if (!childPid || !program || program === 'ps' || leaveOut.test(line)) continue;
    seconds[program] = (seconds[program] ?? 0) + cpuSecondsOf(Number(childPid));
  }
  return seconds;
}
