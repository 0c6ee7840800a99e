import { cpus } from 'node:os';

interface Spent {
  free: number;
  total: number;
}

/**
 * Measures which share of all cores' time was free since the last asking: idle, or taken by niced programs, which give
 * way to anyone. The first answer is of the time since the machine started.
 */
export function openFreeShare(read: () => Spent = readCores): () => number {
  let last: Spent = { free: 0, total: 0 };
  return () => {
    const now = read();
    const total = now.total - last.total;
    const share = total > 0 ? (now.free - last.free) / total : 1;
    last = now;
    return share;
  };
}

function readCores(): Spent {
  const spent = { free: 0, total: 0 };
  for (const { times } of cpus()) {
    spent.free += times.idle + times.nice;
    spent.total += times.idle + times.nice + times.user + times.sys + times.irq;
  }
  return spent;
}
