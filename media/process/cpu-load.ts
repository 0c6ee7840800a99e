import { cpus } from 'node:os';

const SAMPLE_MS = 1000;
/** Long enough to look past a burst, short enough to see an encoder start. */
const WINDOW_SAMPLES = 5;

interface Times {
  idleMs: number;
  totalMs: number;
}

/** How many of the machine's cores were busy over the last seconds, whoever kept them so. */
export class CpuLoad {
  readonly #samples: Times[] = [readTimes()];
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.#timer = setInterval(() => this.#sample(), SAMPLE_MS).unref();
  }

  /** 0 in the first second, when nothing is known. */
  get busyCores(): number {
    return busyBetween(this.#samples[0]!, this.#samples.at(-1)!, cpus().length);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #sample(): void {
    this.#samples.push(readTimes());
    if (this.#samples.length > WINDOW_SAMPLES + 1) this.#samples.shift();
  }
}

export function busyBetween(before: Times, after: Times, cores: number): number {
  const totalMs = after.totalMs - before.totalMs;
  return totalMs <= 0 ? 0 : cores * (1 - (after.idleMs - before.idleMs) / totalMs);
}

function readTimes(): Times {
  const sum: Times = { idleMs: 0, totalMs: 0 };
  for (const { times } of cpus()) {
    sum.idleMs += times.idle;
    sum.totalMs += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return sum;
}
